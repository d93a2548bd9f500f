package dev.castellan.operator.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Drift;
import dev.castellan.api.v1beta1.Topics;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.report.TopicStanding;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What users, outsiders, the cluster's owner and chance do. */
final class TopicMischief {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> KEYS =
            List.of("retention.ms", "segment.ms", "min.insync.replicas", "no.such.key");

    static final String BY_OTHERS = "by.others";

    private final TopicWorld world;

    TopicMischief(TopicWorld world) {
        this.world = world;
    }

    void something() {
        if (world.random.nextInt(3) == 0) {
            world.clock.pass(Duration.ofSeconds(15));
            world.kafka.brokersCatchUp(); // none lags for so long
        } else {
            world.clock.pass(Duration.ofMillis(world.random.nextInt(400)));
        }
        switch (world.random.nextInt(29)) {
            case 0, 1, 2 -> declare();
            case 3, 4 -> change();
            case 5 -> deleteResource();
            case 6 -> {
                if (world.random.nextBoolean()) {
                    deleteResource();
                } else {
                    makeAnewElsewhere();
                }
            }
            case 7 -> outsiderCreates();
            case 8 -> outsiderDeletes();
            case 9 -> outsiderConfigures();
            case 10 -> world.outsiders.produce();
            case 11 -> {
                world.kafka.down = !world.kafka.down;
                world.story.add("kafka " + (world.kafka.down ? "down" : "up"));
            }
            case 12 -> {
                if (world.random.nextBoolean()) {
                    world.story.add("brokers lag behind the controller");
                    world.kafka.brokersLag();
                    world.outsiders.cannotBeSeen();
                } else {
                    world.story.add("brokers know all");
                    world.kafka.brokersCatchUp();
                }
            }
            case 13 -> clusterChanges();
            case 14 -> world.scan();
            case 15 -> ownerChangesTerms();
            case 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27 -> somethingAboutReplicas();
            default -> {
                world.story.add("operator restarts");
                world.restart();
            }
        }
    }

    private void somethingAboutReplicas() {
        switch (world.random.nextInt(18)) {
            case 0, 1, 2 -> world.outsiders.copiesComplete();
            case 12, 13, 14, 15, 16, 17 -> world.outsiders.copiesGetOn();
            case 3, 4 -> world.outsiders.aBrokerComesOrGoes();
            case 5 -> world.outsiders.reassign();
            case 6 -> world.outsiders.throttle();
            default -> changeReplicas();
        }
    }

    private void declare() {
        var name = NAMES.get(world.random.nextInt(3));
        var resource =
                (world.random.nextInt(6) == 0 ? "shop/" : "") + name + (world.random.nextInt(4) == 0 ? "-other" : "");
        if (world.kube.topics.containsKey(resource)) {
            return;
        }
        world.kube.apply(resource, spec -> {
            spec.topicName = name;
            spec.partitions = world.random.nextInt(5) == 0 ? null : 1 + world.random.nextInt(3);
            spec.replicationFactor = world.random.nextInt(3) == 0 ? null : 1 + world.random.nextInt(3);
            spec.adoption = any(Adoption.values());
            spec.deletionPolicy = any(DeletionPolicy.values());
            spec.drift = drift();
            spec.config = config();
        });
        world.story.add("declare " + describe(resource));
    }

    private void change() {
        var resource = anyOf(world.kube.topics.keySet());
        if (resource == null) {
            return;
        }
        world.kube.apply(resource, spec -> {
            switch (world.random.nextInt(8)) {
                case 7 -> {
                    if (spec.adoption == Adoption.Observe) {
                        spec.adoption = any(Adoption.values());
                    }
                }
                case 0 -> spec.partitions = spec.partitions == null ? 1 : spec.partitions + 1;
                case 1 -> spec.deletionPolicy = any(DeletionPolicy.values());
                case 2 -> spec.drift = drift();
                case 3, 4 -> spec.recreate = topicIdOf(resource);
                default -> spec.config = config();
            }
        });
        world.story.add("change " + describe(resource));
    }

    private Drift drift() {
        return world.random.nextInt(3) == 0 ? null : any(Drift.values());
    }

    /** Of one that is lost, or of one that is well; what was announced is not taken back. */
    private String topicIdOf(String resource) {
        var topic = world.kube.topics.get(resource);
        return Optional.ofNullable(topic.getStatus().topicId).orElse(topic.getSpec().recreate);
    }

    void changeReplicas() {
        var resource = anyOf(world.kube.topics.keySet());
        if (resource != null) {
            world.kube.apply(
                    resource,
                    spec -> spec.replicationFactor = world.random.nextInt(6) == 0 ? null : 1 + world.random.nextInt(4));
            world.story.add("change " + describe(resource));
        }
    }

    private void deleteResource() {
        var resource = anyOf(world.kube.topics.keySet());
        if (resource != null) {
            world.story.add("delete KafkaTopic " + resource);
            world.kube.delete(resource);
        }
    }

    /** As far as no finalizer holds the former one. */
    private void makeAnewElsewhere() {
        var resource = anyOf(world.kube.topics.keySet());
        if (resource == null) {
            return;
        }
        var name = TopicSpec.nameInKafka(world.kube.topics.get(resource));
        world.story.add("delete KafkaTopic " + resource);
        world.kube.delete(resource);
        if (!world.kube.topics.containsKey(resource)) {
            var cluster = world.random.nextInt(4) == 0 ? FakeKubeTopics.CLUSTER.name() : "another";
            world.kube.apply(resource, cluster, spec -> {
                spec.topicName = name;
                spec.adoption = any(Adoption.values());
                spec.deletionPolicy = any(DeletionPolicy.values());
                spec.config = config();
            });
            world.story.add("at once made anew, of cluster " + cluster + ": " + describe(resource));
        }
    }

    private void outsiderCreates() {
        var name = NAMES.get(world.random.nextInt(3));
        if (!world.kafka.topics.containsKey(name)) {
            world.story.add("outsider creates " + name);
            world.kafka.has(name, 1 + world.random.nextInt(3), Map.of(BY_OTHERS, "1"));
        }
    }

    private void outsiderDeletes() {
        var name = anyOf(world.kafka.topics.keySet());
        if (name != null) {
            world.story.add("outsider deletes " + name);
            world.kafka.topics.remove(name);
        }
    }

    private void outsiderConfigures() {
        var name = anyOf(world.kafka.topics.keySet());
        if (name != null) {
            var key = world.random.nextBoolean() ? BY_OTHERS : "retention.ms";
            var topic = world.kafka.topics.get(name);
            if (world.random.nextInt(4) == 0) {
                world.story.add("outsider takes " + key + " from " + name);
                topic.config.remove(key);
            } else {
                world.story.add("outsider sets " + key + " of " + name);
                topic.config.put(key, "77");
            }
            noteWhoLeavesIt(key, topic);
        }
    }

    private void noteWhoLeavesIt(String key, FakeTopic topic) {
        world.kube.claimants(FakeKubeTopics.CLUSTER, topic.name).stream()
                .filter(claimant -> topic.id.equals(claimant.getStatus().topicId))
                .flatMap(claimant ->
                        leaves(claimant, TopicSpec.of(claimant, world.kube.terms(FakeKubeTopics.CLUSTER))).stream())
                .forEach(declared -> topic.leftAs.put(key, declared));
    }

    /** What is declared, if the topic has had all of it and what others change on it now is left to them. */
    static Optional<String> leaves(KafkaTopic claimant, TopicSpec spec) {
        var metadata = claimant.getMetadata();
        return Optional.of(metadata.getUid() + " " + metadata.getGeneration() + " " + spec.configHash())
                .filter(declared -> claimant.getSpec().drift == Drift.Report)
                .filter(declared -> TopicStanding.configHash(claimant).equals(Optional.of(spec.configHash())));
    }

    /** Whom the owner hears, and what rules there are. */
    private void ownerChangesTerms() {
        var terms = new Topics();
        if (world.random.nextBoolean()) {
            var allowed = new Topics.AllowedNamespace();
            allowed.namespace = world.random.nextBoolean() ? "shop" : "s*";
            allowed.namePrefixes = world.random.nextBoolean() ? List.of("a", "b") : null;
            terms.allowedNamespaces = List.of(allowed);
        }
        if (world.random.nextInt(3) == 0) {
            terms.policy = new Topics.Policy();
            terms.policy.partitions = new Topics.Bounds();
            terms.policy.partitions.max = 2;
        }
        terms.defaults = new Topics.Defaults();
        terms.defaults.partitions = 1 + world.random.nextInt(2);
        terms.defaults.config =
                world.random.nextBoolean() ? Map.of("by.default", JsonNodeFactory.instance.numberNode(1)) : null;
        world.kube.terms = terms;
        world.story.add("owner says " + world.kube.terms(FakeKubeTopics.CLUSTER));
        world.scan();
    }

    private void clusterChanges() {
        switch (world.random.nextInt(6)) {
            case 0 -> clusterBecomes(new ClusterFacts.Missing());
            case 1 -> clusterBecomes(new ClusterFacts.Leaving());
            case 2 -> clusterBecomes(new ClusterFacts.Forming("starting"));
            case 3 -> clusterBecomes(new ClusterFacts.Formed(world.kafka.id, 3, false, "a broker is starting"));
            case 4 -> {
                world.story.add("new disks");
                world.kafka.topics.clear();
                world.kafka.clusterConfig.clear();
                world.kafka.brokersCatchUp();
                world.kafka.id = world.kafka.id + "'";
                clusterBecomes(formed());
            }
            default -> clusterBecomes(formed());
        }
    }

    ClusterFacts formed() {
        return new ClusterFacts.Formed(world.kafka.id, 3, true, "");
    }

    void clusterBecomes(ClusterFacts cluster) {
        world.story.add("cluster " + cluster);
        world.kube.cluster = cluster;
        world.scan();
    }

    private Map<String, JsonNode> config() {
        var config = new TreeMap<String, JsonNode>();
        for (var key : KEYS) {
            if (world.random.nextInt(key.equals("no.such.key") ? 8 : 2) == 0) {
                config.put(key, JsonNodeFactory.instance.numberNode(world.random.nextInt(3)));
            }
        }
        return config;
    }

    private <T> T any(T[] values) {
        return values[world.random.nextInt(values.length)];
    }

    private String anyOf(Collection<String> values) {
        return values.isEmpty() ? null : List.copyOf(values).get(world.random.nextInt(values.size()));
    }

    private String describe(String resource) {
        var spec = world.kube.topics.get(resource).getSpec();
        return resource + " " + spec.partitions + " x " + spec.replicationFactor + " " + spec.adoption + " "
                + spec.deletionPolicy + " " + spec.config + " drift " + spec.drift + " recreate " + spec.recreate;
    }
}
