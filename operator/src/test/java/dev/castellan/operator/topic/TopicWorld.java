package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.api.v1beta1.Topics;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.report.TopicStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** A Kubernetes, a Kafka, their users and their bad days, all from one seed. */
final class TopicWorld {
    private static final int EVENTS = 40;
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> KEYS = List.of("retention.ms", "segment.ms", "no.such.key");

    final List<String> story = new ArrayList<>();
    final List<String> violations = new ArrayList<>();

    private final Random random;
    private final FakeClock clock = new FakeClock();
    private final Kube kube = new Kube();
    private final Kafka kafka = new Kafka();
    private final Map<TopicRef, Instant> pending = new HashMap<>();
    private TopicRound round;
    private boolean faults = true;

    /** Whose status has once said that a topic, by this id, is theirs: it may not be made a second time. */
    private final Map<String, String> owned = new HashMap<>();

    TopicWorld(long seed) {
        random = new Random(seed);
        kafka.onChange = this::judge;
        restart();
    }

    void happen() {
        for (int i = 0; i < EVENTS; i++) {
            something();
            work();
        }
    }

    /** The faults end; a few scans later everything has to stand still. */
    void calmDown() {
        faults = false;
        kafka.down = false;
        kafka.brokersCatchUp();
        clusterBecomes(formed());
        for (int i = 0; i < 3; i++) {
            clock.pass(Duration.ofMinutes(6));
            scan();
            quiesce();
        }
        kube.writes = 0;
        kafka.changes = 0;
        scan();
        quiesce();
        assertThat(kube.writes).as("writes while nothing changes").isZero();
        assertThat(kafka.changes).as("changes while nothing changes").isZero();
        kube.topics.values().forEach(this::judgeEnd);
    }

    private void quiesce() {
        for (int i = 0; !pending.isEmpty(); i++) {
            assertThat(i)
                    .as("rounds until rest; still at work: %s", pending.keySet())
                    .isLessThan(200);
            var next = pending.values().stream().min(Instant::compareTo).orElseThrow();
            if (next.isAfter(clock.instant())) {
                clock.pass(Duration.between(clock.instant(), next));
            }
            work();
            if (i > 20 && waitsForOutside()) {
                pending.clear();
            }
        }
    }

    /** Some waits only end by somebody else's doing. */
    private boolean waitsForOutside() {
        return pending.keySet().stream().allMatch(ref -> kube.get(ref)
                .filter(topic -> TopicStanding.hasReady(topic.getStatus(), TopicReason.NotFound))
                .isPresent());
    }

    private void work() {
        kube.woken.forEach(ref -> pending.put(ref, Instant.MIN));
        kube.woken.clear();
        var due = new HashSet<TopicRef>();
        pending.forEach((ref, at) -> {
            if (!at.isAfter(clock.instant())) {
                due.add(ref);
            }
        });
        pending.keySet().removeAll(due);
        if (!due.isEmpty()) {
            try {
                round.run(due)
                        .forEach((ref, delay) -> pending.merge(
                                ref, clock.instant().plus(delay), (one, other) -> one.isBefore(other) ? one : other));
            } catch (Crash e) {
                story.add("operator dies");
                restart();
            }
        }
        kube.topics.values().forEach(topic -> TopicStanding.known(topic.getStatus())
                .ifPresent(
                        known -> owned.put(topic.getMetadata().getUid() + "/" + known.clusterId(), known.topicId())));
    }

    private void restart() {
        round = new TopicRound(
                FakeKubeTopics.CLUSTER, kube, () -> kafka, clock, requests -> requests.forEach(Runnable::run));
        scan();
    }

    private void scan() {
        kube.topics.keySet().forEach(name -> pending.put(FakeKubeTopics.ref(name), Instant.MIN));
    }

    // --- what happens

    private void something() {
        clock.pass(Duration.ofMillis(random.nextInt(3) == 0 ? 15_000 : random.nextInt(400)));
        switch (random.nextInt(17)) {
            case 0, 1, 2 -> declare();
            case 3, 4 -> change();
            case 5, 6 -> deleteResource();
            case 7 -> outsiderCreates();
            case 8 -> outsiderDeletes();
            case 9 -> outsiderConfigures();
            case 10 -> recordsArrive();
            case 11 -> {
                kafka.down = !kafka.down;
                story.add("kafka " + (kafka.down ? "down" : "up"));
            }
            case 12 -> {
                if (random.nextBoolean()) {
                    kafka.brokersLag();
                } else {
                    kafka.brokersCatchUp();
                }
            }
            case 13 -> clusterChanges();
            case 14 -> scan();
            case 15 -> ownerChangesTerms();
            default -> {
                story.add("operator restarts");
                restart();
            }
        }
    }

    private void declare() {
        var name = NAMES.get(random.nextInt(3));
        var resource = (random.nextInt(6) == 0 ? "shop/" : "") + name + (random.nextInt(4) == 0 ? "-other" : "");
        if (kube.topics.containsKey(resource)) {
            return;
        }
        kube.apply(resource, spec -> {
            spec.topicName = name;
            spec.partitions = random.nextInt(5) == 0 ? null : 1 + random.nextInt(3);
            spec.adoption = any(Adoption.values());
            spec.deletionPolicy = any(DeletionPolicy.values());
            spec.config = config();
        });
        story.add("declare " + describe(resource));
    }

    private void change() {
        var resource = anyOf(kube.topics.keySet());
        if (resource == null) {
            return;
        }
        kube.apply(resource, spec -> {
            switch (random.nextInt(4)) {
                case 0 -> spec.partitions = spec.partitions == null ? 1 : spec.partitions + 1;
                case 1 -> spec.deletionPolicy = any(DeletionPolicy.values());
                default -> spec.config = config();
            }
        });
        story.add("change " + describe(resource));
    }

    private void deleteResource() {
        var resource = anyOf(kube.topics.keySet());
        if (resource != null) {
            story.add("delete KafkaTopic " + resource);
            kube.delete(resource);
        }
    }

    private void outsiderCreates() {
        var name = NAMES.get(random.nextInt(3));
        if (!kafka.topics.containsKey(name)) {
            story.add("outsider creates " + name);
            kafka.has(name, 1 + random.nextInt(3), Map.of("by.others", "1"));
        }
    }

    private void outsiderDeletes() {
        var name = anyOf(kafka.topics.keySet());
        if (name != null) {
            story.add("outsider deletes " + name);
            kafka.topics.remove(name);
        }
    }

    private void outsiderConfigures() {
        var name = anyOf(kafka.topics.keySet());
        if (name != null) {
            var key = random.nextBoolean() ? "by.others" : "retention.ms";
            story.add("outsider sets " + key + " of " + name);
            kafka.topics.get(name).config.put(key, "77");
        }
    }

    private void recordsArrive() {
        var name = anyOf(kafka.topics.keySet());
        if (name != null) {
            story.add("records in " + name);
            kafka.topics.get(name).records++;
        }
    }

    /** Whom the owner hears, and what rules there are. */
    private void ownerChangesTerms() {
        var terms = new Topics();
        if (random.nextBoolean()) {
            var allowed = new Topics.AllowedNamespace();
            allowed.namespace = random.nextBoolean() ? "shop" : "s*";
            allowed.namePrefixes = random.nextBoolean() ? List.of("a", "b") : null;
            terms.allowedNamespaces = List.of(allowed);
        }
        if (random.nextInt(3) == 0) {
            terms.policy = new Topics.Policy();
            terms.policy.partitions = new Topics.Bounds();
            terms.policy.partitions.max = 2;
        }
        terms.defaults = new Topics.Defaults();
        terms.defaults.partitions = 1 + random.nextInt(2);
        terms.defaults.config =
                random.nextBoolean() ? Map.of("by.default", JsonNodeFactory.instance.numberNode(1)) : null;
        kube.terms = terms;
        story.add("owner says " + kube.terms(FakeKubeTopics.CLUSTER));
        scan();
    }

    private void clusterChanges() {
        switch (random.nextInt(6)) {
            case 0 -> clusterBecomes(new ClusterFacts.Missing());
            case 1 -> clusterBecomes(new ClusterFacts.Leaving());
            case 2 -> clusterBecomes(new ClusterFacts.Forming("starting"));
            case 3 -> clusterBecomes(new ClusterFacts.Formed(kafka.id, 3, false, "a broker is starting"));
            case 4 -> {
                story.add("new disks");
                kafka.topics.clear();
                kafka.brokersCatchUp();
                kafka.id = kafka.id + "'";
                clusterBecomes(formed());
            }
            default -> clusterBecomes(formed());
        }
    }

    private ClusterFacts formed() {
        return new ClusterFacts.Formed(kafka.id, 3, true, "");
    }

    private void clusterBecomes(ClusterFacts cluster) {
        story.add("cluster " + cluster);
        kube.cluster = cluster;
        scan();
    }

    // --- what may never happen

    private void judge(String kind, FakeTopicKafka.Topic topic) {
        story.add("  operator: " + kind + " " + topic.name + " " + topic.id);
        kafka.changes++;
        var claimants = heard(topic.name);
        switch (kind) {
            case "create" -> {
                expect(!claimants.isEmpty(), "creates " + topic.name + ", which nobody declares that may");
                expect(
                        claimants.stream()
                                .anyMatch(claimant -> spec(claimant).violation().isEmpty()),
                        "creates " + topic.name + " against the policy");
                claimants.forEach(claimant -> expect(
                        !owned.containsKey(claimant.getMetadata().getUid() + "/" + kafka.id) || claimants.size() > 1,
                        "makes " + topic.name + " anew, which was lost"));
            }
            case "delete" ->
                expect(
                        claimants.size() == 1 && mayDelete(claimants.getFirst(), topic),
                        "deletes " + topic.name + " although nobody asked for it");
            // By name, since Kafka has no other way: a topic made anew while brokers lag may be hit.
            default ->
                expect(
                        kafka.showsAnother(topic)
                                || claimants.stream().anyMatch(claimant -> mayChange(claimant, topic)),
                        kind + " of " + topic.name + ", which nobody owns");
        }
    }

    private List<KafkaTopic> heard(String topicName) {
        return kube.claimants(FakeKubeTopics.CLUSTER, topicName).stream()
                .filter(topic -> kube.terms(FakeKubeTopics.CLUSTER)
                        .allow(topic.getMetadata().getNamespace(), topicName))
                .toList();
    }

    private TopicSpec spec(KafkaTopic topic) {
        return TopicSpec.of(topic, kube.terms(FakeKubeTopics.CLUSTER));
    }

    private boolean mayDelete(KafkaTopic claimant, FakeTopicKafka.Topic topic) {
        var spec = claimant.getSpec();
        return claimant.isMarkedForDeletion()
                && mayChange(claimant, topic)
                && (spec.deletionPolicy == DeletionPolicy.Delete
                        || spec.deletionPolicy == DeletionPolicy.DeleteIfEmpty && topic.records == 0)
                && !topic.internal;
    }

    private boolean mayChange(KafkaTopic claimant, FakeTopicKafka.Topic topic) {
        var spec = claimant.getSpec();
        return spec.adoption == Adoption.Adopt || spec.adoption == Adoption.FailIfExists && topic.byOperator;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            violations.add(otherwise);
            throw new AssertionError(otherwise);
        }
    }

    private void judgeEnd(KafkaTopic topic) {
        var name = topic.getMetadata().getName();
        var status = topic.getStatus();
        assertThat(topic.isMarkedForDeletion()).as("%s hangs", name).isFalse();
        assertThat(status.observedGeneration)
                .as(name)
                .isEqualTo(topic.getMetadata().getGeneration());
        var live = kafka.topics.get(TopicSpec.nameInKafka(topic));
        if (TopicStanding.hasReady(status, TopicReason.InSync)) {
            assertThat(live).as(name).isNotNull();
            assertThat(status.topicId).as(name).isEqualTo(live.id);
            if (topic.getSpec().partitions != null) {
                assertThat(live.partitions).as(name).isEqualTo(topic.getSpec().partitions);
            }
            spec(topic)
                    .config()
                    .forEach((key, value) -> assertThat(live.config).as(name).containsEntry(key, value));
        } else {
            assertThat(reasonsFor(topic, live)).as(name + " " + live).contains(reason(status));
        }
    }

    /** Why a topic may not be in sync when all is quiet. */
    private Set<String> reasonsFor(KafkaTopic topic, FakeTopicKafka.Topic live) {
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
        if (live == null || !live.id.equals(topic.getStatus().topicId)) {
            reasons.add("TopicLost");
        }
        if (live != null && live.partitions > spec(topic).partitions().orElse(1)) {
            reasons.add("PartitionsDiffer");
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

    // --- chance

    private Map<String, JsonNode> config() {
        var config = new TreeMap<String, JsonNode>();
        for (var key : KEYS) {
            if (random.nextInt(key.equals("no.such.key") ? 8 : 2) == 0) {
                config.put(key, JsonNodeFactory.instance.numberNode(random.nextInt(3)));
            }
        }
        return config;
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private String anyOf(Collection<String> values) {
        return values.isEmpty() ? null : List.copyOf(values).get(random.nextInt(values.size()));
    }

    private String describe(String resource) {
        var spec = kube.topics.get(resource).getSpec();
        return resource + " " + spec.partitions + " " + spec.adoption + " " + spec.deletionPolicy + " " + spec.config;
    }

    /** The operator's process ends here and now. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private void maybeCrash() {
        if (faults && random.nextInt(60) == 0) {
            throw new Crash();
        }
    }

    private boolean fails() {
        return faults && random.nextInt(12) == 0;
    }

    private final class Kube extends FakeKubeTopics {
        @Override
        public KafkaTopic writeStatus(KafkaTopic seen, KafkaTopicStatus status) {
            maybeCrash();
            if (fails()) {
                throw new KubeUnavailable("no answer", null);
            }
            var written = super.writeStatus(seen, status);
            maybeCrash();
            return written;
        }

        @Override
        public KafkaTopic setFinalizer(KafkaTopic seen, boolean on) {
            maybeCrash();
            if (fails()) {
                throw new KubeUnavailable("no answer", null);
            }
            var written = super.setFinalizer(seen, on);
            maybeCrash();
            return written;
        }
    }

    private final class Kafka extends FakeTopicKafka {
        private String id = CLUSTER_ID;
        private int changes;

        @Override
        protected void request(String kind) {
            super.request(kind);
            if (fails()) {
                throw new KafkaUnavailable(kind + ": no answer", null);
            }
            maybeCrash();
        }

        @Override
        protected Outcome attempt(Function<Void, Outcome> change) {
            if (fails()) {
                return new Outcome.Retry("not the controller");
            }
            var outcome = super.attempt(change);
            maybeCrash();
            // Done, but the answer is lost.
            return fails() ? new Outcome.Retry("timed out") : outcome;
        }
    }
}
