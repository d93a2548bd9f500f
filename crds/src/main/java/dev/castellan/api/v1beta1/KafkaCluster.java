package dev.castellan.api.v1beta1;

import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A Kafka cluster: brokers and the controllers of its KRaft quorum. */
@Group("castellan.dev")
@Version("v1beta1")
@ShortNames("kc")
@Categories("kafka")
// Names of Services and StatefulSets are made of the cluster's, so it must fit where theirs must.
@ValidationRule(
        value = "size(self.metadata.name) <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        messageExpression =
                "'metadata.name of %d characters is not the name of a Kafka cluster, of which its Services are named: "
                        + "use at most 40 characters of a-z, 0-9 and -, first a letter, last not -'.format([size(self.metadata.name)])",
        message = "metadata.name must have at most 40 characters of a-z, 0-9 and -, beginning with a letter")
// A StatefulSet is <cluster>-<pool>-<zone>; its pods' label controller-revision-hash takes 11 of the 63 characters.
@ValidationRule(
        value = "(has(self.spec.brokers.zones) ? self.spec.brokers.zones : []).all(z, "
                + "size(self.metadata.name) + 8 + 1 + size(z) <= 52)",
        message = "spec.brokers.zones: metadata.name and a zone's name together may have at most 43 characters, since"
                + " StatefulSets are named <cluster>-brokers-<zone>: use a shorter name for the cluster")
@ValidationRule(
        value = "!has(self.spec.brokers.pools) || self.spec.brokers.pools.all(p, "
                + "size(self.metadata.name) + 1 + size(p.name) <= 52 && "
                + "(!has(p.zones) || p.zones.all(z, size(self.metadata.name) + 1 + size(p.name) + 1 + size(z) <= 52)))",
        message = "spec.brokers.pools: metadata.name, a pool's name and a zone's name together may have at most 50"
                + " characters, since StatefulSets are named <cluster>-<pool>-<zone>: use shorter names")
@ValidationRule(
        value = "!has(self.spec.brokers.pools) || !has(self.spec.brokers.zones) || self.spec.brokers.pools.all(p, "
                + "has(p.zones) || self.spec.brokers.zones.all(z, "
                + "size(self.metadata.name) + 1 + size(p.name) + 1 + size(z) <= 52))",
        message = "spec.brokers.pools: metadata.name, a pool's name and a zone's name together may have at most 50"
                + " characters, since StatefulSets are named <cluster>-<pool>-<zone>: use shorter names")
@ValidationRule(
        value = "!has(self.spec.controllers) || "
                + "(has(self.spec.controllers.zones) ? self.spec.controllers.zones : "
                + "(has(self.spec.brokers.zones) ? self.spec.brokers.zones : [])).all(z, "
                + "size(self.metadata.name) + 12 + 1 + size(z) <= 52)",
        message = "spec.controllers.zones: metadata.name and a zone's name together may have at most 39 characters,"
                + " since StatefulSets are named <cluster>-controllers-<zone>: use a shorter name for the cluster")
public class KafkaCluster extends CustomResource<KafkaClusterSpec, KafkaClusterStatus> implements Namespaced {}
