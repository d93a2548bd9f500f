package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.Successor;
import dev.castellan.operator.cluster.observe.Inventory;
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

/** ConfigMaps and Services of ours that are no longer desired, and that no pod refers to or will. */
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
        return inventory.files().stream()
                .filter(file -> file.getMetadata().getDeletionTimestamp() == null)
                .filter(file -> !wanted.contains(key(file)) && !Successor.isRecord(file))
                .filter(file -> !(file instanceof ConfigMap)
                        || !mounted.contains(file.getMetadata().getName()))
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
