# Sourced by demo and clean-demo: what they must agree on.
# shellcheck shell=bash disable=SC2034
name=castellan-demo # the test cluster, and the namespace of Kafka in it
system=castellan-system

# Somebody's own Kubernetes, not the one that an earlier demo told its user to point KUBECONFIG to.
own_cluster() { [ -n "${KUBECONFIG:-}" ] && [ "$KUBECONFIG" != "$OUT/$name.kubeconfig" ]; }
