package dev.castellan.operator.cluster;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Up to which metadata.version Kafka has gone. It is on record in Kubernetes, and there before Kafka is told to go on: what
 * cannot read it is not started, whether Kafka can be asked or not. Volume claims remember it too, since they outlive all
 * else.
 */
public final class MetadataRecord {
    /** The first at which Kafka can forget a controller (KIP-1312). */
    public static final String FORGETTING = KafkaVersions.metadataVersion("4.4.0");

    private MetadataRecord() {}

    /** Empty: nobody has looked yet. */
    public static Optional<String> of(Inventory inventory) {
        return holders(inventory).flatMap(holder -> level(holder).stream()).max(KafkaVersions.BY_LEVEL);
    }

    /** Those that should know that Kafka has gone up to this level, and do not. */
    public static List<HasMetadata> unaware(Inventory inventory, String level) {
        return holders(inventory)
                .filter(holder -> holder.getMetadata().getDeletionTimestamp() == null)
                .filter(holder -> level(holder)
                        .filter(known -> KafkaVersions.BY_LEVEL.compare(known, level) >= 0)
                        .isEmpty())
                .toList();
    }

    /**
     * With all that is on record, since what puts the identity there also replaces it.
     *
     * @param first what a cluster that has not formed yet would begin with
     */
    static ConfigMap onto(ConfigMap identity, Inventory inventory, Optional<String> first) {
        return of(inventory)
                .or(() -> first)
                .map(level -> new ConfigMapBuilder(identity)
                        .editMetadata()
                        .addToAnnotations(Annotations.METADATA_VERSION, level)
                        .endMetadata()
                        .build())
                .orElse(identity);
    }

    private static Stream<HasMetadata> holders(Inventory inventory) {
        return Stream.concat(inventory.identity().stream(), inventory.claims().stream());
    }

    private static Optional<String> level(HasMetadata holder) {
        return Optional.ofNullable(holder.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.METADATA_VERSION));
    }

    static Optional<Stall> refusal(ClusterSpec spec, Inventory inventory) {
        return of(inventory)
                .or(() -> newestRunning(inventory))
                .map(level -> problem(spec, level))
                .orElseGet(() -> problemOfNew(spec))
                .map(problem -> new Stall(StallReason.InvalidSpec, problem.message()));
    }

    private static Optional<Problem> problem(ClusterSpec spec, String level) {
        if (!KafkaVersions.reads(spec.version(), level)) {
            return Optional.of(new Problem(
                    "spec.version",
                    spec.version(),
                    "it cannot read the cluster's metadata, which goes up to " + level + "; set it back"));
        }
        return isBelow(spec, level)
                .map(pinned -> new Problem(
                        "spec.metadataVersion",
                        pinned,
                        "the cluster's metadata goes up to %s, which Kafka does not take back; set that, or none"
                                .formatted(level)));
    }

    private static Optional<Problem> problemOfNew(ClusterSpec spec) {
        var first = KafkaVersions.metadataVersion(spec.version());
        return isBelow(spec, first)
                .map(pinned -> new Problem(
                        "spec.metadataVersion",
                        pinned,
                        "a new cluster of Kafka %s begins with %s; set none, or begin with an older spec.version"
                                .formatted(spec.version(), first)));
    }

    private static Optional<String> isBelow(ClusterSpec spec, String level) {
        return spec.upgrade().pinned().filter(pinned -> KafkaVersions.BY_LEVEL.compare(pinned, level) < 0);
    }

    /** Nobody has looked yet: what the newest of the nodes' versions may have gone to. */
    private static Optional<String> newestRunning(Inventory inventory) {
        return inventory.statefulSets().stream()
                .map(set -> set.getSpec().getTemplate().getMetadata().getLabels())
                .flatMap(labels -> Optional.ofNullable(labels.get(Labels.VERSION)).stream())
                .filter(KafkaVersions::isKnown)
                .map(KafkaVersions::metadataVersion)
                .max(KafkaVersions.BY_LEVEL);
    }
}
