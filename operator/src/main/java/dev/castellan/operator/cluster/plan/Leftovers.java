package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.Successor;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is ours and no longer desired: ConfigMaps and Services that no pod refers to or will, and the budget of dedicated
 * controllers when all have gone.
 */
final class Leftovers {
    private Leftovers() {}

    static List<HasMetadata> of(Intent intent, Inventory inventory) {
        if (intent.supporting().isEmpty()) {
            return List.of(); // the spec is not understood: nothing can be called superfluous
        }
        var wanted = new HashSet<String>();
        intent.supporting().forEach(object -> wanted.add(key(object)));
        wanted.add("ConfigMap/" + Names.identity(intent.name()));
        var mounted = mounted(intent, inventory);
        var left = files(inventory, wanted, mounted);
        return left.isEmpty() ? budgets(inventory, wanted) : left;
    }

    private static List<HasMetadata> files(Inventory inventory, Set<String> wanted, Set<String> mounted) {
        return inventory.files().stream()
                .filter(file -> file.getMetadata().getDeletionTimestamp() == null)
                .filter(file -> !wanted.contains(key(file)) && !Successor.isRecord(file))
                .filter(file -> !(file instanceof ConfigMap)
                        || !mounted.contains(file.getMetadata().getName()))
                .toList();
    }

    /** Of pods that there are none of any more. */
    private static List<HasMetadata> budgets(Inventory inventory, Set<String> wanted) {
        boolean isDedicated = inventory.statefulSets().stream()
                .anyMatch(set -> set.getMetadata().getLabels().containsKey(Labels.CONTROLLER));
        return isDedicated
                ? List.of()
                : inventory.budgets().stream()
                        .filter(budget -> budget.getMetadata().getDeletionTimestamp() == null)
                        .filter(budget -> !wanted.contains(key(budget)))
                        .map(HasMetadata.class::cast)
                        .toList();
    }

    private static String key(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    private static Set<String> mounted(Intent intent, Inventory inventory) {
        var names = new HashSet<String>();
        Stream.of(
                        inventory.pods().stream().map(pod -> pod.getSpec()),
                        inventory.statefulSets().stream()
                                .map(set -> set.getSpec().getTemplate().getSpec()),
                        intent.statefulSets().values().stream()
                                .map(set -> set.getSpec().getTemplate().getSpec()))
                .flatMap(specs -> specs)
                .filter(Objects::nonNull)
                .map(PodSpec::getVolumes)
                .flatMap(List::stream)
                .map(Volume::getConfigMap)
                .filter(Objects::nonNull)
                .forEach(source -> names.add(source.getName()));
        return names;
    }
}
