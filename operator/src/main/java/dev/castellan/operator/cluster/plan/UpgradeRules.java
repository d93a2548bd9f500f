package dev.castellan.operator.cluster.plan;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.MetadataRecord;
import dev.castellan.operator.cluster.Upgrade;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.FinaliseMetadataVersion;
import dev.castellan.operator.cluster.plan.Step.RecordMetadataVersion;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings an upgrade to its end: when all nodes have run the new version for long enough, metadata.version follows. */
public final class UpgradeRules {
    private UpgradeRules() {}

    /** Ahead of all that starts a node: what cannot read the metadata is refused by what is on record. */
    static Optional<Step> recordMetadataVersion(Intent intent, ObservedCluster observed) {
        return intent.identityStored()
                ? level(intent, observed)
                        .flatMap(level -> record(level, MetadataRecord.unaware(observed.inventory(), level)))
                : Optional.empty();
    }

    /** Kafka's, which somebody may have finalised by hand; until there is one, what new nodes would begin with. */
    private static Optional<String> level(Intent intent, ObservedCluster observed) {
        if (observed.kafka() instanceof Reachable kafka) {
            // At a level that has no name here yet Kafka itself must tell who reads it.
            return Optional.of(kafka.metadataVersion()).filter(KafkaVersions::isLevel);
        }
        return intent.identity().formed()
                ? Optional.empty()
                : intent.sets().stream()
                        .flatMap(set -> intent.version(set).stream())
                        .filter(KafkaVersions::isKnown)
                        .max(KafkaVersions.BY_NUMBER)
                        .map(KafkaVersions::metadataVersion);
    }

    private static Optional<Step> record(String level, List<HasMetadata> unaware) {
        var names =
                unaware.stream().map(holder -> holder.getMetadata().getName()).collect(Collectors.joining(", "));
        return unaware.isEmpty()
                ? Optional.empty()
                : Optional.of(new RecordMetadataVersion(
                        level, unaware, "metadata.version %s is put on record: %s".formatted(level, names)));
    }

    static Optional<Step> finalise(Intent intent, ObservedCluster observed) {
        return Ending.of(intent, observed)
                .filter(ending -> !ending.at().isAfter(observed.now()))
                .filter(ending -> !observed.refusedMetadataVersions().containsKey(ending.to()))
                .map(ending -> new FinaliseMetadataVersion(
                        ending.to(),
                        MetadataRecord.unaware(observed.inventory(), ending.to()),
                        "%s: all nodes run %s".formatted(ending.words(), ending.version())));
    }

    static Optional<Stall> refused(Intent intent, ObservedCluster observed) {
        return Ending.of(intent, observed).flatMap(ending -> Optional.ofNullable(
                        observed.refusedMetadataVersions().get(ending.to()))
                .map(words -> new Stall(
                        StallReason.MetadataVersionRefused,
                        "metadata.version stays at %s, Kafka refuses %s: %s. A node of an older version that is gone for good"
                                        .formatted(ending.from(), ending.to(), words)
                                + " is taken out by kafka-cluster.sh unregister")));
    }

    /** What will be finalised, and when; empty where nothing is, or it is done now. */
    public static Optional<String> outlook(Intent intent, ObservedCluster observed) {
        return soaking(intent, observed)
                .map(ending -> "%s at %s, as spec.upgrade.soak says".formatted(ending.words(), ending.at()));
    }

    /** How long the new version has to soak yet. */
    public static Optional<Duration> remaining(Intent intent, ObservedCluster observed) {
        return soaking(intent, observed).map(ending -> Duration.between(observed.now(), ending.at()));
    }

    private static Optional<Ending> soaking(Intent intent, ObservedCluster observed) {
        return Ending.of(intent, observed).filter(ending -> ending.at().isAfter(observed.now()));
    }

    /** An upgrade that all nodes have made, and the metadata has not. */
    private record Ending(String version, String from, String to, Instant at) {

        static Optional<Ending> of(Intent intent, ObservedCluster observed) {
            return observed.kafka() instanceof Reachable kafka
                            && observed.nodes().stream().allMatch(node -> isAsWanted(intent, node))
                    ? intent.upgrade().flatMap(upgrade -> of(upgrade, observed, kafka.metadataVersion()))
                    : Optional.empty();
        }

        private static Optional<Ending> of(Upgrade upgrade, ObservedCluster observed, String from) {
            return observed.nodes().stream()
                    .flatMap(node -> node.version().stream())
                    .min(KafkaVersions.BY_NUMBER)
                    .filter(KafkaVersions::isKnown)
                    .filter(version -> mayRise(from, upgrade.metadataVersion(version), version))
                    .map(version ->
                            new Ending(version, from, upgrade.metadataVersion(version), due(upgrade, observed)));
        }

        private static boolean mayRise(String from, String to, String version) {
            return KafkaVersions.BY_LEVEL.compare(to, from) > 0 && KafkaVersions.reads(version, to);
        }

        /** Of the version that its set is to have: where the user names none, that may be older than the newest. */
        private static boolean isAsWanted(Intent intent, ObservedNode node) {
            return node.isReady()
                    && intent.version(node.set())
                            .filter(wanted -> !node.version().equals(Optional.of(wanted)))
                            .isEmpty();
        }

        /** Counted from when the last of the nodes came up; at once where the user names the level. */
        private static Instant due(Upgrade upgrade, ObservedCluster observed) {
            return upgrade.pinned().isPresent()
                    ? Instant.MIN
                    : observed.nodes().stream()
                            .flatMap(node -> node.readySince().stream())
                            .max(Comparator.naturalOrder())
                            .map(since -> since.plus(upgrade.soak()))
                            .orElse(Instant.MAX);
        }

        String words() {
            return "metadata.version goes from %s to %s".formatted(from, to);
        }
    }
}
