/** The Kubernetes API of Castellan, version v1beta1: what a user declares (spec) and what the operator observes (status). */
package dev.castellan.api.v1beta1;
