package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.Operator;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.OptionalDouble;

/** What a replica of the operator counts about itself. */
record OperatorPage(PrometheusPage page) {
    private static final String RECONCILE = "castellan_reconcile_seconds";
    private static final String FIRST = "castellan_reconcile_first_seconds";
    private static final Map<String, String> OF_CLUSTERS = Map.of("controller", "kafkacluster");

    static OperatorPage of(Operator operator, Pod replica) {
        return new OperatorPage(PrometheusPage.of(operator.metrics(replica)));
    }

    /** From the start of the process to its first reconcile of a cluster; empty until then. */
    OptionalDouble first() {
        return page.has(FIRST, OF_CLUSTERS) ? OptionalDouble.of(page.sum(FIRST, OF_CLUSTERS)) : OptionalDouble.empty();
    }

    double writes() {
        return page.sum("castellan_kube_writes_total", Map.of());
    }

    double unchanged(String controller) {
        return page.sum(RECONCILE + "_count", Map.of("controller", controller, "result", "unchanged"));
    }

    double changedOrFailed() {
        return page.sum(RECONCILE + "_count", sample -> !"unchanged"
                .equals(sample.labels().get("result")));
    }

    Histogram unchangedClusters() {
        return page.histogram(RECONCILE, Map.of("controller", "kafkacluster", "result", "unchanged"));
    }

    double unchangedClustersSeconds() {
        return page.sum(RECONCILE + "_sum", Map.of("controller", "kafkacluster", "result", "unchanged"));
    }
}
