package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which pods others may evict, one at a time: brokers, and dedicated controllers. When they may is no matter of the spec. */
final class Budgets {
    private Budgets() {}

    static List<PodDisruptionBudget> of(ClusterSpec spec) {
        var budgets = new ArrayList<PodDisruptionBudget>();
        budgets.add(of(spec, Names.brokersBudget(spec.name()), Labels.brokers(spec.name())));
        if (spec.controllers().isPresent()) {
            budgets.add(of(spec, Names.controllersBudget(spec.name()), Labels.controllers(spec.name())));
        }
        return budgets;
    }

    private static PodDisruptionBudget of(ClusterSpec spec, String name, Map<String, String> selector) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Metadata.of(spec, name))
                .withNewSpec()
                // A node that is not ready serves nobody: it must not keep a Kubernetes node from being drained.
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(selector)
                .endSelector()
                .endSpec()
                .build();
    }
}
