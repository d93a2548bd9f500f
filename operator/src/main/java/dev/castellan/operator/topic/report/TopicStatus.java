package dev.castellan.operator.topic.report;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.topic.plan.ClusterFacts.Formed;
import dev.castellan.operator.topic.plan.KafkaFacts.Absent;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.TopicFacts;
import dev.castellan.operator.topic.plan.TopicPlan;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicStep;
import dev.castellan.operator.topic.plan.TopicStep.Difference;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The status of a KafkaTopic: facts and step in, status out. Equal input gives equal status, times included. */
public final class TopicStatus {
    private static final String READY = "Ready";
    private static final String RECONCILING = "Reconciling";
    private static final String STALLED = "Stalled";
    private static final String DRIFTED = "Drifted";
    private static final String LOOKED_AT = "The topic is only looked at, and never changed";

    /** Where the topic in Kafka is somebody else's: nothing of it is kept in status. */
    private static final Set<TopicReason> NOT_OURS = Set.of(
            TopicReason.InvalidSpec,
            TopicReason.InternalTopic,
            TopicReason.ClaimedByAnother,
            TopicReason.AlreadyExists,
            TopicReason.TopicLost);

    /** What can only be said of a topic that exists, and after it was decided to take it over. */
    private static final Set<TopicReason> TAKEN_OVER = Set.of(
            TopicReason.InSync, TopicReason.Observed, TopicReason.KafkaRefused, TopicReason.ReplicationFactorDiffers);

    private TopicStatus() {}

    /** What status is to say; empty where the step is nothing to be told. */
    public static Optional<KafkaTopicStatus> of(KafkaTopic topic, TopicSpec spec, TopicFacts facts, TopicStep step) {
        var before = Objects.requireNonNullElseGet(topic.getStatus(), KafkaTopicStatus::new);
        var generation = topic.getMetadata().getGeneration();
        return switch (step) {
            case TopicStep.InSync() ->
                told(before, generation, facts, spec, TopicReason.InSync, "The topic is as declared");
            case TopicStep.Observed(var differences) ->
                Optional.of(
                        with(before, generation, facts, spec, TopicReason.Observed, "True", LOOKED_AT, differences));
            case TopicStep.Refuse(var reason, var message, var differences) ->
                Optional.of(with(before, generation, facts, spec, reason, "False", message, differences));
            case TopicStep.Wait wait
            when !wait.quiet() -> told(before, generation, facts, spec, wait.reason(), wait.message());
            case TopicStep.Announce() ->
                told(before, generation, facts, spec, TopicReason.Creating, "The topic is about to be created");
            default -> Optional.empty();
        };
    }

    private static Optional<KafkaTopicStatus> told(
            KafkaTopicStatus before,
            long generation,
            TopicFacts facts,
            TopicSpec spec,
            TopicReason reason,
            String message) {
        var ready = reason == TopicReason.InSync ? "True" : "False";
        return Optional.of(with(before, generation, facts, spec, reason, ready, message, List.of()));
    }

    /** Whether it says anything else. Times do not differ unless something else does. */
    public static boolean isNews(KafkaTopicStatus status, KafkaTopicStatus before) {
        return before == null || !content(status).equals(content(before));
    }

    private static List<Object> content(KafkaTopicStatus status) {
        return Arrays.asList(
                status.observedGeneration,
                status.conditions,
                status.topicName,
                status.topicId,
                status.clusterId,
                status.partitions,
                status.replicationFactor,
                status.underReplicated,
                status.underMinIsr,
                status.managedConfig,
                Objects.requireNonNullElse(status.drift, List.<KafkaTopicStatus.Drift>of()).stream()
                        .map(drift -> new Difference(drift.key, drift.declared, drift.observed))
                        .toList());
    }

    /** The topic that status says is ours. One that is only looked at is not. */
    public static Optional<TopicFacts.Known> known(KafkaTopicStatus status) {
        return Optional.ofNullable(status)
                .filter(s -> s.topicId != null && s.clusterId != null)
                .filter(s -> !hasReady(s, TopicReason.Observed) && !hasReady(s, TopicReason.NotFound))
                .map(s -> new TopicFacts.Known(s.clusterId, s.topicId));
    }

    /** Announced: the cluster's id is there, the topic's is not yet. */
    public static boolean isAnnounced(KafkaTopicStatus status, String clusterId) {
        return status != null && status.topicId == null && clusterId.equals(status.clusterId);
    }

    public static boolean isSynced(KafkaTopic topic) {
        return tellsOfThisSpec(topic)
                && (hasReady(topic.getStatus(), TopicReason.InSync)
                        || hasReady(topic.getStatus(), TopicReason.Observed));
    }

    public static boolean isRefused(KafkaTopic topic) {
        return tellsOfThisSpec(topic) && hasReady(topic.getStatus(), TopicReason.KafkaRefused);
    }

    private static boolean tellsOfThisSpec(KafkaTopic topic) {
        return topic.getStatus() != null
                && Objects.equals(
                        topic.getStatus().observedGeneration,
                        topic.getMetadata().getGeneration());
    }

    public static boolean hasReady(KafkaTopicStatus status, TopicReason reason) {
        return Optional.ofNullable(status)
                .flatMap(TopicStatus::ready)
                .filter(ready -> reason.name().equals(ready.getReason()))
                .isPresent();
    }

    private static Optional<Condition> ready(KafkaTopicStatus status) {
        return conditions(status).stream()
                .filter(c -> READY.equals(c.getType()))
                .findFirst();
    }

    private static KafkaTopicStatus with(
            KafkaTopicStatus before,
            long generation,
            TopicFacts facts,
            TopicSpec spec,
            TopicReason reason,
            String ready,
            String message,
            List<Difference> differences) {
        var status = new KafkaTopicStatus();
        status.observedGeneration = generation;
        status.conditions = conditions(before, facts.now(), generation, reason, ready, message, !differences.isEmpty());
        status.topicName = spec.topicName();
        status.drift = differences.isEmpty()
                ? null
                : differences.stream().map(TopicStatus::drift).toList();
        observed(status, before, facts, spec, reason);
        return status;
    }

    private static void observed(
            KafkaTopicStatus status, KafkaTopicStatus before, TopicFacts facts, TopicSpec spec, TopicReason reason) {
        status.topicId = before.topicId;
        status.clusterId = before.clusterId;
        status.managedConfig = before.managedConfig;
        if (NOT_OURS.contains(reason)) {
            return;
        }
        switch (facts.kafka()) {
            case Present present
            when isOurs(present, facts, reason) -> {
                status.topicId = present.topicId();
                status.clusterId = clusterId(facts);
                status.managedConfig = reason == TopicReason.Observed ? null : managed(present, spec, facts);
                health(status, present);
            }
            case Absent absent
            when reason == TopicReason.Creating -> {
                status.topicId = null;
                status.clusterId = clusterId(facts);
                status.managedConfig = null;
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
            }
        }
    }

    /** Only once it is decided that the topic is taken over does status say that it is ours. */
    private static boolean isOurs(Present present, TopicFacts facts, TopicReason reason) {
        return TAKEN_OVER.contains(reason)
                || facts.known().map(TopicFacts.Known::topicId).equals(Optional.of(present.topicId()));
    }

    private static String clusterId(TopicFacts facts) {
        return facts.cluster() instanceof Formed formed ? formed.clusterId() : null;
    }

    private static List<String> managed(Present present, TopicSpec spec, TopicFacts facts) {
        var keys = new TreeSet<>(facts.managed());
        keys.addAll(spec.config().keySet());
        keys.retainAll(present.details().config().keySet());
        return keys.isEmpty() ? null : List.copyOf(keys);
    }

    private static void health(KafkaTopicStatus status, Present present) {
        var topic = present.details().topic();
        status.partitions = present.partitions();
        status.replicationFactor = TopicPlan.replicationFactor(present);
        status.underReplicated = count(
                topic,
                partition -> partition.inSync().size() < partition.replicas().size());
        status.underMinIsr = count(topic, partition -> partition.inSync().size() < topic.minInSyncReplicas());
    }

    private static int count(TopicPartitions topic, Predicate<TopicPartitions.Partition> which) {
        return (int) topic.partitions().stream().filter(which).count();
    }

    private static KafkaTopicStatus.Drift drift(Difference difference) {
        var drift = new KafkaTopicStatus.Drift();
        drift.key = difference.key();
        drift.declared = difference.declared();
        drift.observed = difference.observed();
        return drift;
    }

    private static List<Condition> conditions(
            KafkaTopicStatus before,
            Instant now,
            long generation,
            TopicReason reason,
            String ready,
            String message,
            boolean drifted) {
        var types = new ArrayList<String>();
        if ("False".equals(ready)) {
            types.add(isWaiting(reason) ? RECONCILING : STALLED);
        }
        if (drifted) {
            types.add(DRIFTED);
        }
        var conditions = new ArrayList<Condition>();
        conditions.add(condition(before, now, generation, READY, ready, reason.name(), message));
        for (var type : types) {
            conditions.add(condition(before, now, generation, type, "True", reason.name(), message));
        }
        return List.copyOf(conditions);
    }

    private static boolean isWaiting(TopicReason reason) {
        return switch (reason) {
            case Creating, Applying, WaitingForCluster, NotFound, Deleting -> true;
            default -> false;
        };
    }

    private static Condition condition(
            KafkaTopicStatus before,
            Instant now,
            long generation,
            String type,
            String status,
            String reason,
            String message) {
        var since = conditions(before).stream()
                .filter(c -> c.getType().equals(type) && c.getStatus().equals(status))
                .findFirst()
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
    }

    private static List<Condition> conditions(KafkaTopicStatus status) {
        return status.conditions == null ? List.of() : status.conditions;
    }
}
