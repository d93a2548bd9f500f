package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Drift;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.report.TopicStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What may never happen, and how everything has to be in the end. */
final class TopicJudge {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
    private static final long SMALL = 256 * 1024 * 1024;

    private final TopicWorld world;

    /** When the operator that is there now last wrote a status, by the KafkaTopic's uid. */
    private final Map<String, Instant> told = new HashMap<>();

    TopicJudge(TopicWorld world) {
        this.world = world;
    }

    void judge(String kind, FakeTopic topic) {
        world.story.add("  operator: " + kind + " " + topic.name + " " + topic.id);
        world.kafka.changes++;
        var claimants = heard(topic.name);
        switch (kind) {
            case "create" -> {
                expect(!claimants.isEmpty(), "creates " + topic.name + ", which nobody declares that may");
                expect(
                        claimants.stream()
                                .anyMatch(claimant -> spec(claimant).violation().isEmpty()),
                        "creates " + topic.name + " against the policy");
                claimants.forEach(claimant -> expect(
                        mayStartOver(claimant) || claimants.size() > 1,
                        "makes " + topic.name + " anew, which was lost"));
            }
            case "delete" ->
                expect(
                        claimants.size() == 1 && mayDelete(claimants.getFirst(), topic),
                        "deletes " + topic.name + " although nobody asked for it");
            // Whatever has become of its KafkaTopic.
            case "unthrottle" ->
                expect(
                        world.kafka.lags() || topic.config.toString().contains(":2147483647"),
                        "takes a throttle of others from " + topic.name);
            // By name, since Kafka has no other way: a topic made anew while brokers lag may be hit.
            default ->
                expect(
                        world.kafka.showsAnother(topic)
                                || claimants.stream().anyMatch(claimant -> mayChange(claimant, topic)),
                        kind + " of " + topic.name + ", which nobody owns");
        }
    }

    /** It never had a topic in this cluster, or its user has given up the very one that it had. */
    private boolean mayStartOver(KafkaTopic claimant) {
        var owned = world.owned.get(claimant.getMetadata().getUid() + "/" + world.kafka.id);
        return owned == null || owned.equals(claimant.getSpec().recreate);
    }

    /** What others have set is taken away, or set back, only as the user says. */
    void judgeConfig(FakeTopic topic, ConfigChange change) {
        expect(
                !change.unset().contains(TopicMischief.BY_OTHERS)
                        || heard(topic.name).stream().anyMatch(claimant -> claimant.getSpec().drift == Drift.Revert),
                "takes away what others have set on " + topic.name);
        change.set().keySet().stream()
                .map(topic.leftAs::remove)
                .filter(Objects::nonNull)
                .forEach(declared -> expect(
                        world.kafka.lags()
                                || heard(topic.name).size() > 1
                                || heard(topic.name).stream()
                                        .noneMatch(claimant -> TopicMischief.leaves(claimant, spec(claimant))
                                                .equals(Optional.of(declared))),
                        "sets back on " + topic.name + " what is left to others"));
    }

    /** What is moved: only as declared, never what others move, never away from who holds the records, never unthrottled. */
    void judgeReplicas(FakeTopic topic, Map<Integer, List<Integer>> replicas) {
        world.story.add("  operator: " + topic.name + " to " + replicas);
        replicas.forEach((partition, to) -> {
            var now = topic.partitions.get(partition);
            expect(!now.isMoving() || !now.byOthers, "touches what others move");
            if (to.isEmpty()) {
                return;
            }
            expect(
                    heard(topic.name).stream()
                            .anyMatch(claimant ->
                                    spec(claimant).replicationFactor().equals(Optional.of(to.size()))),
                    to.size() + " replicas, which nobody declares");
            var kept = now.inSync.stream().filter(to::contains).count();
            expect(
                    world.kafka.lags() || kept >= Math.min(to.size(), now.inSync.size()),
                    "takes replicas in sync away: " + now.inSync + " of " + now.all + " to " + to);
            expect(
                    world.kafka.lags() || !now.settled().containsAll(to) || now.inSync.containsAll(to),
                    "begins what does not end, and cannot be taken back: " + now.inSync + " of " + now.all + " to "
                            + to);
            for (int id : to) {
                expect(
                        now.all.contains(id)
                                || world.kafka.lags()
                                || topic.config
                                        .getOrDefault("follower.replication.throttled.replicas", "")
                                        .contains(partition + ":" + id),
                        "copies without a throttle");
                expect(
                        now.all.contains(id) || world.kafka.lags() || Throttle.isRateOurs(world.kafka.clusterConfig),
                        "copies without a rate");
            }
        });
    }

    private List<KafkaTopic> heard(String topicName) {
        return world.kube.claimants(FakeKubeTopics.CLUSTER, topicName).stream()
                .filter(topic -> world.kube
                        .terms(FakeKubeTopics.CLUSTER)
                        .allow(topic.getMetadata().getNamespace(), topicName))
                .toList();
    }

    private TopicSpec spec(KafkaTopic topic) {
        return TopicSpec.of(topic, world.kube.terms(FakeKubeTopics.CLUSTER));
    }

    private boolean mayDelete(KafkaTopic claimant, FakeTopic topic) {
        var spec = claimant.getSpec();
        return claimant.isMarkedForDeletion()
                && mayChange(claimant, topic)
                && (spec.deletionPolicy == DeletionPolicy.Delete
                        || spec.deletionPolicy == DeletionPolicy.DeleteIfEmpty && topic.records == 0)
                && !topic.internal;
    }

    private boolean mayChange(KafkaTopic claimant, FakeTopic topic) {
        var spec = claimant.getSpec();
        return spec.adoption == Adoption.Adopt || spec.adoption == Adoption.FailIfExists && topic.byOperator;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            world.violations.add(otherwise);
            throw new AssertionError(otherwise);
        }
    }

    /** How far a change has come, and how large a topic is, is told seldom, and when it is another number for a human too. */
    void judgeWrite(KafkaTopic seen, KafkaTopicStatus status) {
        judgeWrite(seen);
        var before = seen.getStatus();
        if (isUnderWay(before) && isUnderWay(status) && before.observedGeneration.equals(status.observedGeneration)) {
            world.progress++;
            var last = told.get(seen.getMetadata().getUid());
            expect(
                    last == null || !last.plus(PROGRESS_EVERY).isAfter(world.clock.instant()),
                    "tells how far " + seen.getMetadata().getName() + " is twice in five seconds");
        }
        told.put(seen.getMetadata().getUid(), world.clock.instant());
        expect(
                !unmeasured(before).equals(unmeasured(status)) || isOther(before.bytes, status.bytes),
                "tells next to nothing of " + seen.getMetadata().getName());
    }

    /** Another operator begins anew. */
    void forgetWhatWasTold() {
        told.clear();
    }

    private static boolean isUnderWay(KafkaTopicStatus status) {
        return TopicStanding.hasReady(status, TopicReason.Reassigning);
    }

    private static JsonNode unmeasured(KafkaTopicStatus status) {
        var json = (ObjectNode) JSON.valueToTree(status);
        json.remove(List.of("bytes", "bytesAsOf"));
        if (json.get("reassignment") instanceof ObjectNode reassignment) {
            reassignment.put("isEndInSight", reassignment.has("expectedEnd"));
            reassignment.remove(List.of("bytesToCopy", "bytesCopied", "expectedEnd"));
        }
        return json;
    }

    private static boolean isOther(Long bytes, Long before) {
        double one = Math.max(SMALL, bytes == null ? 0 : bytes);
        double other = Math.max(SMALL, before == null ? 0 : before);
        return Math.max(one, other) / Math.min(one, other) >= 2;
    }

    void judgeWrite(KafkaTopic seen) {
        expect(
                FakeKubeTopics.isOf(FakeKubeTopics.CLUSTER, seen),
                "writes to " + seen.getMetadata().getName() + ", which is of another cluster");
    }

    void judgeEnd() {
        world.kube.ofCluster(FakeKubeTopics.CLUSTER).forEach(this::judgeEnd);
        assertThat(world.kafka.clusterConfig).as("a rate of ours").isEmpty();
        world.kafka.topics.values().forEach(topic -> assertThat(topic.config.toString())
                .as("a throttle of ours on " + topic.name)
                .doesNotContain("2147483647"));
    }

    private void judgeEnd(KafkaTopic topic) {
        var name = topic.getMetadata().getName();
        var status = topic.getStatus();
        assertThat(topic.isMarkedForDeletion()).as("%s hangs", name).isFalse();
        assertThat(status.observedGeneration)
                .as(name)
                .isEqualTo(topic.getMetadata().getGeneration());
        var live = world.kafka.topics.get(TopicSpec.nameInKafka(topic));
        var drifted = TopicStanding.hasReady(status, TopicReason.Drifted);
        if (drifted || TopicStanding.hasReady(status, TopicReason.InSync)) {
            assertThat(live).as(name).isNotNull();
            assertThat(status.topicId).as(name).isEqualTo(live.id);
            if (topic.getSpec().partitions != null) {
                assertThat(live.partitions()).as(name).isEqualTo(topic.getSpec().partitions);
            }
            if (topic.getSpec().replicationFactor != null) {
                assertThat(live.partitions).as(name).allSatisfy(one -> assertThat(one.all)
                        .hasSize(topic.getSpec().replicationFactor));
            }
            assertThat(live.config.entrySet().containsAll(spec(topic).config().entrySet()))
                    .as("%s has all that is declared", name)
                    .isEqualTo(!drifted);
            judgeDrift(topic, live);
            judgeMeasures(status, live);
        } else {
            assertThat(reasonsFor(topic, live)).as(name + " " + live).contains(reason(status));
        }
    }

    /** Nothing is left of a change that has ended, and the size is not far off. */
    private void judgeMeasures(KafkaTopicStatus status, FakeTopic live) {
        assertThat(status.reassignment).as("progress of %s", live.name).isNull();
        long held = live.records
                * world.kafka.bytes
                * live.partitions.stream().mapToInt(one -> one.all.size()).sum();
        assertThat(isOther(status.bytes, held))
                .as("%s holds %d, and %d is told", live.name, held, status.bytes)
                .isFalse();
    }

    /** All that is not as declared is told of, and only what is to be told of is there. */
    private void judgeDrift(KafkaTopic topic, FakeTopic live) {
        var spec = spec(topic);
        var differs = new TreeSet<>(live.config.keySet());
        differs.addAll(spec.config().keySet());
        differs.removeIf(
                key -> live.config.getOrDefault(key, "").equals(spec.config().get(key)));
        assertThat(Optional.ofNullable(topic.getStatus().drift).orElse(List.of()))
                .extracting(drift -> drift.key)
                .containsExactlyInAnyOrderElementsOf(differs);
        if (topic.getSpec().drift == Drift.Revert && spec.violation().isEmpty()) {
            assertThat(differs).as("left on %s", live.name).isEmpty();
        }
        if (topic.getSpec().drift != Drift.Report) {
            assertThat(differs).noneMatch(spec.config()::containsKey);
        }
    }

    /** Why a topic may not be in sync when all is quiet. */
    private Set<String> reasonsFor(KafkaTopic topic, FakeTopic live) {
        var reasons = new HashSet<String>();
        if (topic.getSpec().adoption == Adoption.Observe) {
            reasons.add(live == null ? "NotFound" : "Observed");
        }
        if (heard(TopicSpec.nameInKafka(topic)).size() > 1) {
            reasons.add("ClaimedByAnother");
        }
        if (spec(topic).config().containsKey("no.such.key")) {
            reasons.add("KafkaRefused");
        }
        if ((live == null || !live.id.equals(topic.getStatus().topicId)) && !mayStartOver(topic)) {
            reasons.add("TopicLost");
        }
        if (live != null && live.partitions() > spec(topic).partitions().orElse(1)) {
            reasons.add("PartitionsDiffer");
        }
        var factor = topic.getSpec().replicationFactor;
        if (factor != null && (factor > 3 || live != null && factor < live.minInSync())) {
            reasons.add("ReplicationFactorDiffers");
            reasons.add("KafkaRefused");
        }
        if (spec(topic).refusal().isPresent()) {
            reasons.add("NotAllowed");
        }
        if (spec(topic).violation().isPresent()) {
            reasons.add("PolicyViolated");
        }
        if (live != null && topic.getSpec().adoption == Adoption.FailIfExists) {
            reasons.add("AlreadyExists");
        }
        return reasons;
    }

    private static String reason(KafkaTopicStatus status) {
        return status.conditions.getFirst().getReason();
    }
}
