package dev.castellan.operator.topic.report;

import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.topic.plan.ClusterFacts.Formed;
import dev.castellan.operator.topic.plan.Differences;
import dev.castellan.operator.topic.plan.KafkaFacts.Absent;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.TopicFacts;
import dev.castellan.operator.topic.plan.TopicFacts.Size;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What was observed of the topic, as far as it is ours. */
final class ObservedTopic {
    /** Where the topic in Kafka is somebody else's: nothing of it is kept in status. */
    private static final Set<TopicReason> NOT_OURS = Set.of(
            TopicReason.InvalidSpec,
            TopicReason.InternalTopic,
            TopicReason.NotAllowed,
            TopicReason.ClaimedByAnother,
            TopicReason.AlreadyExists,
            TopicReason.TopicLost);

    /** What can only be said of a topic that exists, and after it was decided to take it over. */
    private static final Set<TopicReason> TAKEN_OVER = Set.of(
            TopicReason.InSync,
            TopicReason.Drifted,
            TopicReason.Observed,
            TopicReason.Reassigning,
            TopicReason.KafkaRefused,
            TopicReason.ReplicationFactorDiffers);

    private ObservedTopic() {}

    static void tell(
            KafkaTopicStatus status, KafkaTopicStatus before, TopicFacts facts, TopicSpec spec, TopicReason reason) {
        status.lastChange = facts.change().map(ObservedTopic::told).orElse(before.lastChange);
        if (!TopicStanding.isLookedAt(before)) {
            status.topicId = before.topicId;
            status.clusterId = before.clusterId;
            status.managedConfig = before.managedConfig;
        }
        status.configHash = facts.configHash().orElse(null);
        if (reason == TopicReason.TopicLost) {
            // The user is asked for just this id, and status may not have told of it before.
            status.topicId = facts.knownId().orElse(before.topicId);
            status.clusterId = facts.knownId().map(id -> clusterId(facts)).orElse(before.clusterId);
        }
        if (NOT_OURS.contains(reason)) {
            return;
        }
        switch (facts.kafka()) {
            case Present present
            when isOurs(present, facts, reason) -> {
                status.topicId = present.topicId();
                status.clusterId = clusterId(facts);
                status.managedConfig = reason == TopicReason.Observed ? null : managed(present, spec, facts);
                status.configHash = reason == TopicReason.Observed ? null : configHash(present, spec, facts);
                health(status, present);
                size(status, before, facts.size());
                if (reason == TopicReason.Reassigning) {
                    status.reassignment = reassignment(present, spec, facts);
                }
            }
            case Absent absent
            when reason == TopicReason.Creating -> {
                status.topicId = null;
                status.clusterId = clusterId(facts);
                status.managedConfig = null;
                status.configHash = null;
            }
            // Refused: nothing is about to be created any more.
            case Absent absent
            when reason == TopicReason.KafkaRefused && before.topicId == null -> status.clusterId = null;
            case Present present -> {}
            case Absent absent -> {}
            default -> {
                status.partitions = before.partitions;
                status.replicationFactor = before.replicationFactor;
                status.underReplicated = before.underReplicated;
                status.underMinIsr = before.underMinIsr;
                status.leaderSkew = before.leaderSkew;
                status.bytes = before.bytes;
                status.bytesAsOf = before.bytesAsOf;
            }
        }
    }

    /** Only once it is decided that the topic is taken over does status say that it is ours. */
    static boolean isOurs(Present present, TopicFacts facts, TopicReason reason) {
        return !NOT_OURS.contains(reason) && isTakenOver(present, facts, reason);
    }

    private static boolean isTakenOver(Present present, TopicFacts facts, TopicReason reason) {
        return TAKEN_OVER.contains(reason)
                || facts.known().map(TopicFacts.Known::topicId).equals(Optional.of(present.topicId()));
    }

    private static String clusterId(TopicFacts facts) {
        return facts.cluster() instanceof Formed formed ? formed.clusterId() : null;
    }

    private static List<String> managed(Present present, TopicSpec spec, TopicFacts facts) {
        var keys = new TreeSet<>(facts.managed(present));
        keys.addAll(spec.config().keySet());
        keys.retainAll(present.details().config().keySet());
        return keys.isEmpty() ? null : List.copyOf(keys);
    }

    private static String configHash(Present present, TopicSpec spec, TopicFacts facts) {
        if (!spec.reports()) {
            return null;
        }
        return Differences.ofConfig(spec, present).isEmpty()
                ? spec.configHash()
                : facts.configHash(present).orElse(null);
    }

    private static void health(KafkaTopicStatus status, Present present) {
        var topic = present.details().topic();
        status.partitions = present.partitions();
        status.replicationFactor = Differences.replicationFactor(present);
        status.underReplicated = count(
                topic,
                partition -> partition.inSync().size() < partition.replicas().size());
        status.leaderSkew = leaderSkew(topic);
        status.underMinIsr = count(topic, partition -> partition.inSync().size() < topic.minInSyncReplicas());
    }

    /** How many leaders of brokers that lead most would have to be on those that lead fewest. */
    private static int leaderSkew(TopicPartitions topic) {
        var led = new TreeMap<Integer, Integer>();
        for (var partition : topic.partitions()) {
            partition.replicas().forEach(id -> led.putIfAbsent(id, 0));
            led.computeIfPresent(partition.leader(), (id, leaders) -> leaders + 1);
        }
        int leaders = led.values().stream().mapToInt(Integer::intValue).sum();
        var most = led.values().stream().sorted(Comparator.reverseOrder()).toList();
        int skew = 0;
        for (int i = 0; i < most.size(); i++) {
            int share = leaders / most.size() + (i < leaders % most.size() ? 1 : 0);
            skew += Math.max(0, most.get(i) - share);
        }
        return skew;
    }

    /** Of another topic that had the name nothing is kept, nor was it told while this one was made. */
    private static void size(KafkaTopicStatus status, KafkaTopicStatus before, Optional<Size> size) {
        if (Objects.equals(status.topicId, before.topicId)) {
            status.bytes = size.map(Size::bytes).orElse(before.bytes);
            status.bytesAsOf = size.map(known -> seconds(known.asOf())).orElse(before.bytesAsOf);
        }
    }

    private static KafkaTopicStatus.LastChange told(TopicFacts.Change change) {
        var told = new KafkaTopicStatus.LastChange();
        told.time = seconds(change.at());
        told.change = change.what();
        return told;
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static KafkaTopicStatus.Reassignment reassignment(Present present, TopicSpec spec, TopicFacts facts) {
        var reassignment = new KafkaTopicStatus.Reassignment();
        reassignment.partitionsLeft = Differences.partitionsLeft(spec, present).orElse(0);
        reassignment.copying = facts.replicas()
                .map(replicas -> replicas.of(spec.topicName()).size())
                .orElse(0);
        facts.copies().ifPresent(copies -> {
            reassignment.bytesToCopy = copies.all();
            reassignment.bytesCopied = copies.copied();
            reassignment.percentCopied = copies.percent();
            reassignment.expectedEnd =
                    copies.expectedEnd().map(ObservedTopic::seconds).orElse(null);
        });
        return reassignment;
    }

    private static int count(TopicPartitions topic, Predicate<TopicPartitions.Partition> which) {
        return (int) topic.partitions().stream().filter(which).count();
    }
}
