package dev.castellan.operator.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * A StatefulSet about to take the place of the one of its name, whose templates of claims Kubernetes lets nobody change. It is
 * on record, in a ConfigMap, before the old one is taken from its pods, and until the new one has them: the operator may
 * die in between, and disks and pods alone do not tell all that a StatefulSet remembers.
 */
public final class Successor {
    private static final String KEY = "statefulSet";

    private Successor() {}

    public static ConfigMap record(StatefulSet successor) {
        var meta = successor.getMetadata();
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(Names.successor(meta.getName()))
                .withNamespace(meta.getNamespace())
                .withLabels(meta.getLabels())
                .withOwnerReferences(meta.getOwnerReferences())
                .endMetadata()
                .withData(Map.of(KEY, CanonicalJson.write(successor)))
                .build();
    }

    /**
     * Of the owner that the record has now: with one that is gone it would be collected as garbage, and its pods with it.
     *
     * @return empty: this is no such record
     */
    public static Optional<StatefulSet> of(HasMetadata file) {
        var successor = isRecord(file)
                ? read(((ConfigMap) file).getData().get(KEY)).filter(set -> isOf(file, set))
                : Optional.<StatefulSet>empty();
        successor.ifPresent(
                set -> set.getMetadata().setOwnerReferences(file.getMetadata().getOwnerReferences()));
        return successor;
    }

    /** As it was written: of the very StatefulSet that its name tells, of the same cluster. */
    private static boolean isOf(HasMetadata record, StatefulSet set) {
        return record.getMetadata()
                        .getName()
                        .equals(Names.successor(set.getMetadata().getName()))
                && record.getMetadata().getNamespace().equals(set.getMetadata().getNamespace())
                && record.getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(set.getMetadata().getLabels().entrySet());
    }

    public static boolean isRecord(HasMetadata file) {
        return file instanceof ConfigMap map
                && map.getMetadata().getName().endsWith(Names.SUCCESSOR)
                && map.getData() != null
                && map.getData().containsKey(KEY);
    }

    /** What somebody has made unreadable is no record. */
    private static Optional<StatefulSet> read(String json) {
        try {
            return Optional.of(CanonicalJson.read(json, StatefulSet.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * Those that stand; and as if they stood, those that are to be made again. Only a record of pods that run is believed: who may
     * write ConfigMaps may not make pods by that.
     */
    public static List<StatefulSet> withAbsent(
            List<StatefulSet> standing,
            List<? extends HasMetadata> files,
            List<Pod> pods,
            BiPredicate<Pod, StatefulSet> isOfSet) {
        var records = files.stream().filter(Successor::isRecord).toList();
        if (records.isEmpty()) { // as nearly always
            return standing;
        }
        var ofStanding = standing.stream()
                .map(set -> Names.successor(set.getMetadata().getName()))
                .toList();
        var absent = records.stream()
                .filter(file -> !ofStanding.contains(file.getMetadata().getName()))
                .flatMap(file -> of(file).stream())
                .filter(set -> pods.stream().anyMatch(pod -> isOfSet.test(pod, set)))
                .toList();
        return absent.isEmpty()
                ? standing
                : Stream.concat(standing.stream(), absent.stream()).toList();
    }

    /** On record alone: the API server has never seen it. */
    public static boolean isAbsent(StatefulSet set) {
        return set.getMetadata().getUid() == null;
    }
}
