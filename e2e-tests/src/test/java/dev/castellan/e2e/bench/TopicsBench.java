package dev.castellan.e2e.bench;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics by the hundred and by the thousand, against what Kafka and the API server take by themselves, in the same run. */
@E2E
@Tag("bench")
@Order(5)
class TopicsBench {
    private static final Logger LOG = LoggerFactory.getLogger(TopicsBench.class);
    private static final int EACH = Integer.getInteger("bench.topics.each", 250);
    private static final int MANY = Integer.getInteger("bench.topics.many", 2_000);
    private static final int MOST = Integer.getInteger("bench.topics.most", 10_000);
    private static final Duration STEADY = Duration.ofSeconds(Integer.getInteger("bench.topics.steady.seconds", 600));
    private static final int KAFKA_BATCH = 1_000;
    /** How many requests somebody who applies a folder of YAML has under way. */
    private static final int APPLIERS = 16;
    /** As many as the operator has. */
    private static final int STATUS_WRITERS = 8;

    private static final int CHANGED_MEANWHILE = 10;
    private static final String ONE_PARTITION = """
            partitions: 1
            replicationFactor: 1
            """;
    private static final String KEY = "retention.ms";
    private static final String CHANGED = "123456789";
    private static final String TOPICS = "castellan.dev/kafkatopics";
    private static final Set<String> WRITTEN = Set.of(TOPICS, TOPICS + "/status");
    private static final Figures FIGURES = new Figures(TopicsBench.class);

    private static Kafka kafka;

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    @BeforeAll
    static void apply(Scene scene) {
        kafka = scene.kafka("events");
        kafka.applyExactly("""
                version: 4.4.0
                brokers:
                  replicas: 3
                  resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {memory: 1536Mi}}
                """);
        kafka.awaitSettled();
    }

    @Test
    @Order(1)
    void eachByItsOwnThread(Scene scene) throws Exception {
        var bare = bare("life", EACH, 12, 3, 1, EACH);
        try (var crowd = new TopicCrowd(scene, kafka, "each", EACH, """
                partitions: 12
                replicationFactor: 3
                deletionPolicy: Delete
                config: {min.insync.replicas: 2}
                """)) {
            var took = seconds(() -> crowd.each(EACH, name -> {
                crowd.create(name);
                crowd.awaitReady(name);
                crowd.change(name, KEY, CHANGED);
                crowd.awaitReady(name, KEY, CHANGED);
                crowd.delete(name);
                crowd.awaitGone(name);
            }));
            var what = "%d topics, each made, changed and deleted by its thread: ".formatted(EACH);
            told(what + "the bare Admin client", "s", bare);
            told(what + "KafkaTopics", "s", took);
            FIGURES.tell(Figure.single(what + "times the bare client", "", Bar.atMost(1.5), took / bare));
        }
    }

    @Test
    @Order(2)
    void allAtOnce(Scene scene) throws Exception {
        told(
                "%d topics: the bare Admin client creates them, in batches".formatted(MANY),
                "s",
                bare("create", MANY, 1, 1, KAFKA_BATCH, 1));
        told(
                "%d topics: the bare Admin client deletes them, in batches".formatted(MANY),
                "s",
                bare("delete", MANY, 1, 1, KAFKA_BATCH, 1));
        try (var crowd = new TopicCrowd(scene, kafka, "many", MANY, ONE_PARTITION + "deletionPolicy: Delete")) {
            phase(scene, "created", Bar.atMost(10), MANY, () -> {
                crowd.each(APPLIERS, crowd::create);
                crowd.awaitReady();
            });
            phase(scene, "changed", Bar.atMost(6), MANY, () -> {
                crowd.each(APPLIERS, name -> crowd.change(name, KEY, CHANGED));
                crowd.awaitReady(KEY, CHANGED);
            });
            phase(scene, "deleted", Bar.atMost(10), MANY, () -> {
                crowd.each(APPLIERS, crowd::delete);
                crowd.awaitGone();
            });
        }
    }

    /** The operator finds them when it starts. */
    @Test
    @Order(3)
    void tenThousand(Scene scene) throws Exception {
        var operator = scene.operator();
        double kafkaAlone = bare("create", MOST, 1, 1, KAFKA_BATCH, 1);
        bare("delete", MOST, 1, 1, KAFKA_BATCH, 1);
        operator.scaleTo(0);
        try (var crowd = new TopicCrowd(scene, kafka, "most", MOST, ONE_PARTITION + "deletionPolicy: Retain")) {
            told("%d KafkaTopics: applied".formatted(MOST), "s", seconds(() -> crowd.each(APPLIERS, crowd::create)));
            double statusAlone = seconds(() -> crowd.each(STATUS_WRITERS, crowd::touchStatus));
            double cold = seconds(() -> {
                operator.scaleTo(1);
                crowd.awaitReady();
            });
            var what = "%d KafkaTopics: ".formatted(MOST);
            told(what + "the bare Admin client, in batches", "s", kafkaAlone);
            told(what + "as many bare writes of a status", "s", statusAlone);
            told(what + "the operator starts → all Ready", "s", cold);
            FIGURES.tell(Figure.single(
                    what + "times what these take", "", Bar.atMost(1.5), cold / (kafkaAlone + statusAlone)));
            kafka.await("tells of all replicas", TopicsBench::tellsOfAll);
            steady(scene);
            restart(scene, crowd);
        }
        operator.scaleTo(2);
    }

    /** Whose topics stay when they are deleted, as it is unless declared otherwise: nothing has to be done then, nor seen to before. Last, since they stay in Kafka. */
    @Test
    @Order(4)
    void allAtOnceToBeKept(Scene scene) throws Exception {
        try (var crowd = new TopicCrowd(scene, kafka, "kept", EACH, ONE_PARTITION)) {
            phase(scene, "to be kept, created", Bar.NONE, EACH, () -> {
                crowd.each(APPLIERS, crowd::create);
                crowd.awaitReady();
            });
            phase(scene, "to be kept, changed", Bar.NONE, EACH, () -> {
                crowd.each(APPLIERS, name -> crowd.change(name, KEY, CHANGED));
                crowd.awaitReady(KEY, CHANGED);
            });
            phase(scene, "to be kept, deleted", Bar.NONE, EACH, () -> {
                crowd.each(APPLIERS, crowd::delete);
                crowd.awaitGone();
            });
        }
    }

    /** Brokers' replicas are in the cluster's status, which is written once more when it hears of them. */
    private static boolean tellsOfAll(KafkaCluster cluster) {
        return cluster.getStatus().brokers.stream()
                        .mapToInt(broker -> broker.replicas)
                        .sum()
                >= MOST;
    }

    private static void steady(Scene scene) throws Exception {
        var leader = scene.operator().leader();
        var kubelet = new Kubelet(scene.client());
        var before = OperatorPage.of(scene.operator(), leader);
        double cpuBefore = kubelet.cpu(leader);
        Thread.sleep(STEADY);
        var after = OperatorPage.of(scene.operator(), leader);
        var what = "%d KafkaTopics, %d s at rest: ".formatted(MOST, STEADY.toSeconds());
        FIGURES.tell(
                Figure.single(what + "writes of the operator", "", Bar.atMost(0), after.writes() - before.writes()));
        FIGURES.tell(Figure.single(
                what + "processor", "%", Bar.atMost(2), 100 * (kubelet.cpu(leader) - cpuBefore) / STEADY.toSeconds()));
        tellMemory(what, kubelet, leader);
    }

    private static void tellMemory(String what, Kubelet kubelet, Pod leader) {
        FIGURES.tell(Figure.single(
                what + "the operator's working set",
                "MB",
                Bar.atMost(268),
                kubelet.memory(leader).workingSet()));
    }

    /** A few change while nobody looks: once they are as declared, the new one has found its way through all of them. */
    private static void restart(Scene scene, TopicCrowd crowd) throws Exception {
        var operator = scene.operator();
        operator.scaleTo(0);
        var changed = crowd.names().subList(MOST - CHANGED_MEANWHILE, MOST);
        changed.forEach(name -> crowd.change(name, KEY, CHANGED));
        var before = Writes.of(scene.client());
        double took = seconds(() -> {
            operator.scaleTo(1);
            for (var name : changed) {
                crowd.awaitReady(name, KEY, CHANGED);
            }
        });
        var what = "%d KafkaTopics, the operator starts again: ".formatted(MOST);
        FIGURES.tell(
                Figure.single(what + "%d changed ones Ready".formatted(CHANGED_MEANWHILE), "s", Bar.atMost(8), took));
        FIGURES.tell(Figure.single(
                what + "writes beyond those",
                "",
                Bar.atMost(0),
                Writes.of(scene.client()).since(before).to(WRITTEN) - CHANGED_MEANWHILE));
    }

    /** How long it takes, and what the operator asks of the API server for it: what is written beyond our own requests. */
    private static void phase(Scene scene, String act, Bar bar, int count, Work work) throws Exception {
        var before = Writes.of(scene.client());
        double took = seconds(work);
        double written = Writes.of(scene.client()).since(before).to(WRITTEN) - count;
        var what = "%d topics, %s: ".formatted(count, act);
        FIGURES.tell(Figure.single(what + "the last Ready, or gone", "s", bar, took));
        FIGURES.tell(Figure.single(what + "requests of the operator for each", "", Bar.atMost(1.1), written / count));
    }

    private static double bare(String act, int topics, int partitions, int copies, int batch, int threads) {
        LOG.info("  bare {} of {} topics", act, topics);
        return Long.parseLong(kafka.ask(
                                "bare-topics",
                                Map.of(
                                        "act", act,
                                        "topics", Integer.toString(topics),
                                        "partitions", Integer.toString(partitions),
                                        "copies", Integer.toString(copies),
                                        "batch", Integer.toString(batch),
                                        "threads", Integer.toString(threads)))
                        .get("nanos"))
                / 1e9;
    }

    private static void told(String what, String unit, double value) {
        FIGURES.tell(Figure.single(what, unit, Bar.NONE, value));
    }

    private static double seconds(Work work) throws Exception {
        var started = System.nanoTime();
        work.run();
        return (System.nanoTime() - started) / 1e9;
    }
}
