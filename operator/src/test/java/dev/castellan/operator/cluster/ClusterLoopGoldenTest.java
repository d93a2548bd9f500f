package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.castellan.api.v1beta1.BrokerPool;
import dev.castellan.api.v1beta1.Brokers;
import dev.castellan.api.v1beta1.Controllers;
import dev.castellan.api.v1beta1.Healing;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.api.v1beta1.PodTemplate;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.api.v1beta1.Storage;
import dev.castellan.api.v1beta1.Upgrade;
import dev.castellan.operator.cluster.desired.CrdSchema;
import dev.castellan.operator.cluster.plan.Step.RecordTrialFailure;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a user reads in each situation: golden/loop/CASE/plan.txt is every step and wait on the way there, status.yaml what
 * stands at the end. -Dgolden.update writes them anew.
 */
class ClusterLoopGoldenTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path FOLDER = Path.of("src/test/resources/golden/loop");
    private static final Map<String, Supplier<CalmCluster>> CASES = new TreeMap<>(Map.ofEntries(
            Map.entry("created", () -> cluster().settle()),
            Map.entry(
                    "being-created",
                    () -> cluster().reconcile().reconcile().reconcile().reconcile()),
            Map.entry("dedicated-controllers", () -> new CalmCluster(dedicated()).settle()),
            Map.entry(
                    "config-changed",
                    () -> settled().edit(config("log.retention.hours", "1")).settle()),
            Map.entry(
                    "config-changed-without-restart",
                    () -> settled().edit(config("num.io.threads", "20")).settle()),
            Map.entry("config-changed-without-restart-and-process-ended", () -> settled()
                    .edit(config("num.io.threads", "20"))
                    .settle()
                    .endProcess("events-brokers-1")
                    .reconcile()
                    .settle()),
            Map.entry("hibernating", () -> settled().edit(hibernate(true)).settle()),
            Map.entry("hibernating-brokers-first", () -> new CalmCluster(dedicated())
                    .settle()
                    .edit(hibernate(true))
                    .settle()),
            Map.entry(
                    "hibernating-from-the-start",
                    () -> cluster().edit(hibernate(true)).settle()),
            Map.entry("hibernating-is-called-off", () -> settled()
                    .edit(hibernate(true))
                    .reconcile()
                    .edit(hibernate(false))
                    .settle()),
            Map.entry("hibernating-with-invalid-spec", () -> settled()
                    .edit(hibernate(true))
                    .settle()
                    .edit(cluster -> cluster.getSpec().version = "0.8.2")
                    .settle()),
            Map.entry("resumed-with-invalid-spec", () -> settled()
                    .edit(hibernate(true))
                    .settle()
                    .edit(cluster -> cluster.getSpec().version = "0.8.2")
                    .edit(hibernate(false))
                    .settle()
                    .pass(5)
                    .settle()),
            Map.entry("resuming", () -> settled()
                    .edit(hibernate(true))
                    .settle()
                    .edit(hibernate(false))
                    .reconcile()
                    .pass(1)
                    .reconcile()),
            Map.entry("resumed-with-changes", () -> settled()
                    .edit(hibernate(true))
                    .settle()
                    .edit(config("log.retention.hours", "1"))
                    .edit(hibernate(false))
                    .settle()),
            Map.entry("config-taken-away", () -> settled()
                    .edit(config("num.io.threads", "20"))
                    .settle()
                    .edit(config("log.retention.ms", "1000"))
                    .settle()),
            Map.entry("config-changed-while-a-broker-is-slow", () -> settled()
                    .deafen(1, 4)
                    .edit(config("num.io.threads", "40"))
                    .settle()),
            Map.entry("config-changed-while-a-broker-hangs", () -> settled()
                    .hang(1, 20)
                    .pass(2)
                    .edit(config("num.io.threads", "40"))
                    .settle()),
            Map.entry("config-refused", () -> settled()
                    .edit(config("num.io.threads", FakeKafka.REFUSED))
                    .settle()),
            Map.entry("config-refused-mended", () -> settled()
                    .edit(config("num.io.threads", FakeKafka.REFUSED))
                    .settle()
                    .edit(config("num.io.threads", "9"))
                    .settle()),
            Map.entry("rolling", () -> settled()
                    .edit(config("log.retention.hours", "1"))
                    .reconcile()
                    .reconcile()
                    .pass(1)
                    .reconcile()
                    .pass(1)
                    .reconcile()
                    .pass(1)
                    .reconcile()),
            Map.entry("roll-in-batches", () -> wide().edit(config("log.retention.hours", "1"))
                    .settle()),
            Map.entry("roll-splits-a-round", () -> {
                var cluster = wide();
                cluster.kafka.createTopic("audit", 1, List.of(List.of(2001, FakeKafka.NOBODY)));
                return cluster.edit(config("log.retention.hours", "1")).settle();
            }),
            Map.entry("roll-with-strays", ClusterLoopGoldenTest::strays),
            Map.entry("rollout-paused", () -> wide().edit(rollout(rollout -> rollout.paused = true))
                    .edit(config("log.retention.hours", "1"))
                    .pass(5)
                    .settle()),
            Map.entry("rollout-awaiting-approval", ClusterLoopGoldenTest::awaitingApproval),
            Map.entry("rollout-approved", () -> {
                var cluster = awaitingApproval();
                var hash = cluster.status().plan.hash;
                return cluster.edit(approve(hash)).settle();
            }),
            Map.entry("rollout-awaiting-approval-and-config-changed", () -> awaitingApproval()
                    .edit(cluster -> cluster.getSpec().config =
                            Map.of("log.retention.hours", new TextNode("1"), "num.io.threads", new TextNode("16")))
                    .settle()),
            Map.entry("rollout-outside-window", () -> wide().edit(rollout(ClusterLoopGoldenTest::onSaturdays))
                    .edit(config("log.retention.hours", "1"))
                    .pass(5)
                    .settle()),
            Map.entry("rollout-min-delay", () -> wide().edit(rollout(rollout -> rollout.minDelay = "30s"))
                    .edit(config("log.retention.hours", "1"))
                    .settle()),
            Map.entry("rollout-invalid", () -> wide().edit(rollout(rollout -> {
                        onSaturdays(rollout);
                        rollout.windows.getFirst().cron = "0 25 * * 6";
                    }))
                    .settle()),
            Map.entry("broker-crashed", ClusterLoopGoldenTest::brokerCrashed),
            Map.entry("pod-missing-for-long", () -> settled()
                    .putToSleep("events-brokers")
                    .losePod("events-brokers-1")
                    .settle()),
            Map.entry("offline-partition", ClusterLoopGoldenTest::offlinePartition),
            Map.entry("gate-shut", ClusterLoopGoldenTest::gateShut),
            Map.entry(
                    "controller-disk-lost",
                    () -> settled().loseDisk("events-brokers-1").pass(1).settle()),
            Map.entry("host-not-ready", () -> settled()
                    .loseHostOf("events-brokers-1", true)
                    .pass(30)
                    .settle()),
            Map.entry("host-lost", () -> hostLost().settle()),
            Map.entry("host-lost-and-none-of-our-business", () -> {
                var cluster = hostLost();
                cluster.kube.forbidHosts();
                return cluster.pass(100).settle();
            }),
            Map.entry("host-deleted-and-pod-made-again", () -> healing("1m")
                    .loseHostOf("events-brokers-1", false)
                    .losePod("events-brokers-1")
                    .settle()),
            Map.entry("host-back-in-time", () -> hostLost()
                    .pass(40)
                    .reconcile()
                    .reconcile()
                    .bringHostBack()
                    .settle()),
            Map.entry("host-lost-while-another-is-behind", () -> {
                var four = spec();
                four.getSpec().brokers.replicas = 4;
                var cluster = healing(four, "1m");
                cluster.kafka.cutOff(3);
                cluster.loseHostOf("events-brokers-1", true).pass(100).settle();
                cluster.kafka.reconnect(3);
                return cluster.pass(1).settle();
            }),
            Map.entry(
                    "claim-deleted",
                    () -> settled().deleteClaims("events-brokers-1").pass(1).settle()),
            Map.entry("claim-deleted-with-only-copy", () -> {
                var cluster = settled();
                cluster.kafka.createTopic("audit", 1, List.of(List.of(0), List.of(1)));
                return cluster.deleteClaims("events-brokers-1").pass(1).settle();
            }),
            Map.entry("host-lost-with-only-copy", () -> hostLostWithOnlyCopy().settle()),
            Map.entry("host-lost-and-given-up", () -> hostLostWithOnlyCopy()
                    .settle()
                    .giveUp("events-brokers-1")
                    .settle()),
            Map.entry("host-lost-and-left-to-the-user", () -> hostLost()
                    .edit(cluster -> cluster.getSpec().healing.replaceLostVolumes = false)
                    .pass(100)
                    .settle()),
            Map.entry("disk-failed", () -> diskFailed("data").settle()),
            Map.entry("disk-mended-in-time", () -> diskFailed("data")
                    .pass(40)
                    .reconcile()
                    .reconcile()
                    .mendDisks()
                    .settle()),
            Map.entry("disk-failed-and-left-to-the-user", () -> diskFailed("data")
                    .edit(cluster -> cluster.getSpec().healing.replaceLostVolumes = false)
                    .pass(100)
                    .settle()),
            Map.entry(
                    "disk-failed-with-only-copy", () -> diskFailedWithOnlyCopy().settle()),
            Map.entry("disk-failed-and-given-up", () -> diskFailedWithOnlyCopy()
                    .settle()
                    .giveUp("events-brokers-1")
                    .settle()),
            Map.entry("disk-failed-of-several", () -> diskFailed("b").pass(40).settle()),
            Map.entry("disk-failed-of-several-for-unknown-reasons", () -> {
                var cluster = diskFailed("b");
                cluster.hideReasons();
                return cluster.pass(100).settle();
            }),
            Map.entry("disk-full", () -> settled()
                    .fillDisk("data", "events-brokers-1", 100)
                    .pass(1)
                    .settle()),
            Map.entry("disk-full-of-several", () -> settled(withSeveralDisks())
                    .fillDisk("b", "events-brokers-1", 100)
                    .pass(100)
                    .settle()),
            Map.entry("disk-full-of-several-and-grown", () -> settled(withSeveralDisks())
                    .fillDisk("b", "events-brokers-1", 100)
                    .pass(100)
                    .settle()
                    .edit(cluster -> cluster.getSpec().brokers.storage.volumes.get(1).size = new Quantity("20Gi"))
                    .settle()),
            Map.entry("disk-hangs", () -> settled()
                    .hangDisk("data", "events-brokers-1", true)
                    .pass(100)
                    .settle()),
            Map.entry("kafka-unreachable", ClusterLoopGoldenTest::unreachable),
            Map.entry("volumes-grown", () -> settled().edit(size("20Gi")).settle()),
            Map.entry("volumes-may-not-grow", () -> {
                var cluster = settled();
                cluster.kube.volumesMayGrow(false);
                return cluster.edit(size("20Gi")).settle();
            }),
            Map.entry("volumes-grown-while-a-node-is-down", () -> settled()
                    .putToSleep("events-brokers")
                    .losePod("events-brokers-1")
                    .edit(size("20Gi"))
                    .settle()),
            Map.entry("resized", () -> settled().edit(cpu("1")).settle()),
            Map.entry("resized-while-rollout-is-paused", () -> wide().edit(rollout(rollout -> rollout.paused = true))
                    .edit(cpu("1"))
                    .settle()),
            Map.entry(
                    "resize-waits-for-room",
                    () -> settled().fullHosts(true).edit(cpu("1")).settle()),
            Map.entry("resize-too-large", () -> settled().edit(cpu("1000")).settle()),
            Map.entry(
                    "resize-too-large-corrected",
                    () -> settled().edit(cpu("1000")).settle().edit(cpu("1")).settle()),
            Map.entry(
                    "resize-needs-a-restart",
                    () -> settled().fixedHosts().edit(cpu("1")).settle()),
            Map.entry("resize-unknown-to-kubernetes", () -> {
                var cluster = settled();
                cluster.kube.podsMayBeResized(false);
                return cluster.edit(cpu("1")).settle();
            }),
            Map.entry("resize-denied", () -> {
                var cluster = settled();
                cluster.kube.quota("500m");
                return cluster.edit(cpu("1")).settle();
            }),
            Map.entry("resize-denied-and-corrected", () -> {
                var cluster = settled();
                cluster.kube.quota("500m");
                return cluster.edit(cpu("1")).settle().edit(cpu("400m")).settle();
            }),
            Map.entry("resized-together-with-what-needs-a-restart", () -> settled()
                    .edit(cpu("1"))
                    .edit(config("log.retention.hours", "1"))
                    .settle()),
            Map.entry("scaled-out", () -> settled().edit(replicas(4)).settle()),
            Map.entry("scaled-in", () -> four().edit(replicas(3)).settle()),
            Map.entry("scaling-in", ClusterLoopGoldenTest::scalingIn),
            Map.entry("scale-in-reverted", () -> scalingIn().edit(replicas(4)).settle()),
            Map.entry("scale-in-blocked", () -> {
                var cluster = four();
                cluster.kafka.createTopic("audit", 2, List.of(List.of(0, 1, 2, 3)));
                return cluster.edit(replicas(3)).settle();
            }),
            Map.entry("scale-in-blocked-and-restarts-held", () -> {
                var cluster = four();
                cluster.kafka.createTopic("audit", 2, List.of(List.of(0, 1, 2, 3)));
                return cluster.edit(rollout(rollout -> rollout.paused = true))
                        .edit(config("log.retention.hours", "1"))
                        .edit(replicas(3))
                        .pass(5)
                        .settle();
            }),
            Map.entry("scale-in-blocked-beside-a-restart", () -> {
                var cluster = four();
                cluster.kafka.createTopic("audit", 3, List.of(List.of(3, 0, 1, FakeKafka.NOBODY)));
                return cluster.edit(config("log.retention.hours", "1"))
                        .edit(replicas(3))
                        .pass(5)
                        .settle();
            }),
            Map.entry("scale-in-beside-others", () -> {
                var cluster = four();
                cluster.kafka.createTopic("audit", 1, List.of(List.of(3)));
                cluster.kafka.reassignByOthers("audit", 0, List.of(2));
                return cluster.edit(replicas(3)).settle();
            }),
            Map.entry("scale-in-of-a-dead-broker", () -> {
                var cluster = four();
                cluster.putToSleep("events-brokers").losePod("events-brokers-3");
                return cluster.pass(5).edit(replicas(3)).settle();
            }),
            Map.entry(
                    "controllers-scaled-out",
                    () -> withDedicated(3).edit(controllers(5)).settle()),
            Map.entry(
                    "controllers-scaled-in",
                    () -> withDedicated(5).edit(controllers(3)).settle()),
            Map.entry("controllers-scaled-in-with-the-leader", () -> {
                var cluster =
                        withDedicated(3).losePod("events-controllers-2000").pass(10);
                return cluster.edit(controllers(1)).settle();
            }),
            Map.entry("controllers-scale-in-reverted", () -> {
                var cluster = withDedicated(5).edit(controllers(3));
                while (cluster.kafka.voterCount() == 5) {
                    cluster.reconcile().pass(1);
                }
                return cluster.edit(controllers(5)).settle();
            }),
            Map.entry("controllers-cannot-go-before-kafka-forgets", () -> {
                var spec = dedicated();
                spec.getSpec().version = "4.3.1";
                var cluster = new CalmCluster(spec).settle();
                cluster.plan().clear();
                return cluster.edit(controllers(1)).settle();
            }),
            Map.entry("controllers-one-cannot-come", () -> {
                var cluster = withDedicated(1)
                        .edit(controllers(3))
                        .reconcile()
                        .reconcile()
                        .reconcile()
                        .pass(1);
                return cluster.loseHostOf("events-controllers-2002", true).settle();
            }),
            Map.entry(
                    "pool-replaced", () -> withPool("old").edit(pool("new", 2)).settle()),
            Map.entry("pool-removed-and-set-back", () -> {
                var cluster = withPool("old").edit(pool("old", 0));
                while (cluster.kafka.moving().isEmpty()) {
                    cluster.reconcile();
                }
                return cluster.edit(pool("old", 2)).settle();
            }),
            Map.entry("pool-whose-successor-has-no-place", () -> withPool("old")
                    .edit(pool("new", 2))
                    .edit(cluster -> cluster.getSpec().brokers.pools.getFirst().resources = tooMuch())
                    .settle()),
            Map.entry("zone-with-controllers-removed", () -> {
                var spec = spec();
                spec.getSpec().brokers.zones = List.of("a", "b", "c");
                var cluster = new CalmCluster(spec).settle();
                cluster.plan().clear();
                return cluster.edit(c -> c.getSpec().brokers.zones = List.of("a", "b"))
                        .settle();
            }),
            Map.entry("quorum-moves-to-dedicated-controllers", () -> combined("4.4.0")
                    .edit(ClusterLoopGoldenTest::setControllers)
                    .settle()),
            Map.entry("quorum-moves-back-to-brokers", () -> {
                var cluster = combined("4.4.0")
                        .edit(ClusterLoopGoldenTest::setControllers)
                        .settle();
                cluster.plan().clear();
                return cluster.edit(events -> events.getSpec().controllers = null)
                        .settle();
            }),
            Map.entry("quorum-stays-before-kafka-forgets", () -> combined("4.3.1")
                    .edit(ClusterLoopGoldenTest::setControllers)
                    .settle()),
            Map.entry("quorum-stays-with-dedicated-founders", () -> withDedicated(3)
                    .edit(cluster -> cluster.getSpec().controllers = null)
                    .settle()),
            Map.entry("scale-down-refused", () -> settled().edit(replicas(2)).settle()),
            Map.entry("invalid-spec", () -> settled().edit(version("0.8.2")).settle()),
            Map.entry("invalid-spec-and-disk-lost", () -> settled()
                    .edit(version("0.8.2"))
                    .loseDisk("events-brokers-1")
                    .pass(1)
                    .settle()
                    .pass(20)
                    .settle()),
            Map.entry("invalid-spec-while-mending", () -> settled()
                    .edit(version("0.8.2"))
                    .loseDisk("events-brokers-1")
                    .pass(1)
                    .reconcile()),
            Map.entry(
                    "invalid-from-the-start",
                    () -> cluster().edit(version("0.8.2")).settle()),
            Map.entry("upgrade-soaking", ClusterLoopGoldenTest::upgraded),
            Map.entry("upgraded", () -> upgraded()
                    .edit(cluster -> {
                        cluster.getSpec().upgrade = new Upgrade();
                        cluster.getSpec().upgrade.soak = "1m";
                    })
                    .pass(60)
                    .settle()),
            Map.entry("lowered-in-time", () -> upgraded().edit(version("4.3.1")).settle()),
            Map.entry("lowered-too-late", () -> settled().edit(version("4.3.1")).settle()),
            Map.entry("broken-spec", () -> settled().edit(broken("crash")).settle()),
            Map.entry("broken-spec-mended", () -> settled()
                    .edit(broken("crash"))
                    .settle()
                    .edit(broken(null))
                    .settle()),
            Map.entry("broken-spec-mended-otherwise", () -> settled()
                    .edit(broken("crash"))
                    .settle()
                    .edit(broken(null))
                    .edit(config("log.retention.hours", "1"))
                    .settle()),
            Map.entry("broken-spec-mended-midway", ClusterLoopGoldenTest::mendedMidway),
            Map.entry("broken-spec-held", () -> held().settle()),
            Map.entry("broken-spec-held-and-then-put-back", () -> held().settle()
                    .edit(cluster -> cluster.getSpec().rollout = null)
                    .settle()),
            Map.entry("broken-spec-after-restart-of-operator", () -> settled()
                    .edit(broken("crash"))
                    .settle()
                    .restartOperator()
                    .settle()
                    .pass(300)
                    .settle()),
            Map.entry("image-missing", () -> settled()
                    .edit(rollout(rollout -> rollout.patience = "1m"))
                    .edit(cluster -> cluster.getSpec().image = "kafka:missing")
                    .settle()),
            Map.entry("image-missing-for-controllers", () -> {
                var cluster = new CalmCluster(dedicated()).settle();
                cluster.plan().clear();
                return cluster.edit(rollout(rollout -> rollout.patience = "1m"))
                        .edit(c -> c.getSpec().image = "kafka:missing")
                        .settle();
            }),
            Map.entry("no-place", () -> settled()
                    .edit(rollout(rollout -> rollout.patience = "1m"))
                    .edit(ClusterLoopGoldenTest::askForTooMuch)
                    .settle()),
            Map.entry("broken-spec-of-one-broker", () -> {
                var spec = spec();
                spec.getSpec().brokers.replicas = 1;
                var cluster = new CalmCluster(spec).settle();
                cluster.plan().clear();
                return cluster.edit(broken("crash")).settle();
            }),
            Map.entry("broken-from-the-start", () -> cluster()
                    .edit(broken("crash"))
                    .settle()
                    .edit(broken(null))
                    .settle()),
            Map.entry("all-hang-mended", ClusterLoopGoldenTest::allHang),
            Map.entry(
                    "foreign-service",
                    () -> foreign(new ServiceBuilder()
                            .withNewMetadata()
                            .withName("events-bootstrap")
                            .endMetadata()
                            .build())),
            Map.entry(
                    "foreign-identity",
                    () -> foreign(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("events-identity")
                            .endMetadata()
                            .build())),
            Map.entry("statefulset-deleted", ClusterLoopGoldenTest::statefulSetDeleted),
            Map.entry("paused-from-the-start", () -> cluster()
                    .edit(cluster -> {
                        cluster.getMetadata().setAnnotations(Map.of(Annotations.PAUSE, "true"));
                        // As the CRD defaults it.
                        cluster.setStatus(new KafkaClusterStatus());
                        cluster.getStatus().observedGeneration = -1L;
                    })
                    .reconcile()),
            Map.entry("paused", () -> settled()
                    .edit(cluster -> cluster.getMetadata().setAnnotations(Map.of(Annotations.PAUSE, "true")))
                    .edit(replicas(4))
                    .reconcile())));

    @TestFactory
    Stream<DynamicTest> tellsWhatIsAndWhy() {
        return CASES.entrySet().stream()
                .map(test -> DynamicTest.dynamicTest(
                        test.getKey(),
                        () -> compare(test.getKey(), test.getValue().get())));
    }

    @Test
    void everyGoldenFolderIsUsed() throws IOException {
        try (var folders = Files.list(FOLDER)) {
            assertThat(folders.map(folder -> folder.getFileName().toString())).hasSameElementsAs(CASES.keySet());
        }
    }

    private static void compare(String name, CalmCluster cluster) throws IOException {
        var folder = FOLDER.resolve(name);
        compare(folder.resolve("plan.txt"), String.join("\n", cluster.plan()) + "\n");
        compare(folder.resolve("status.yaml"), Serialization.asYaml(cluster.status()));
        // What the API server would refuse, nobody would ever read.
        var resource = (ObjectNode) YAML.readTree("spec: {brokers: {replicas: 3}}");
        CrdSchema.ofKafkaCluster().check(resource.set("status", YAML.readTree(Serialization.asYaml(cluster.status()))));
    }

    private static void compare(Path file, String made) throws IOException {
        if (System.getProperty("golden.update") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, made);
        }
        assertThat(made).as(file.toString()).isEqualTo(Files.readString(file));
    }

    private static Consumer<KafkaCluster> size(String size) {
        return cluster -> {
            cluster.getSpec().brokers.storage = new Storage();
            cluster.getSpec().brokers.storage.size = new Quantity(size);
        };
    }

    private static CalmCluster cluster() {
        return new CalmCluster(spec());
    }

    private static CalmCluster settled() {
        return settled(spec());
    }

    private static CalmCluster settled(KafkaCluster spec) {
        var cluster = new CalmCluster(spec).settle();
        cluster.kafka.createTopic("orders", 2, List.of(List.of(0, 1, 2), List.of(1, 2, 0)));
        cluster.pass(40).reconcile();
        cluster.plan().clear();
        return cluster;
    }

    private static CalmCluster healing(String grace) {
        return healing(spec(), grace);
    }

    private static CalmCluster healing(KafkaCluster spec, String grace) {
        return settled(spec).edit(cluster -> {
            cluster.getSpec().healing = new Healing();
            cluster.getSpec().healing.brokerGrace = grace;
        });
    }

    private static CalmCluster hostLost() {
        return healing("1m").loseHostOf("events-brokers-1", true).pass(1);
    }

    private static CalmCluster hostLostWithOnlyCopy() {
        var cluster = healing("1m");
        cluster.kafka.createTopic("audit", 1, List.of(List.of(0), List.of(1)));
        return cluster.loseHostOf("events-brokers-1", true).pass(1);
    }

    /** @param volume data: its only one */
    private static CalmCluster diskFailed(String volume) {
        return healing(volume.equals("data") ? spec() : withSeveralDisks(), "1m")
                .failDisk(volume, "events-brokers-1")
                .pass(1);
    }

    private static CalmCluster diskFailedWithOnlyCopy() {
        var cluster = healing("1m");
        cluster.kafka.createTopic("audit", 1, List.of(List.of(0), List.of(1)));
        return cluster.failDisk("data", "events-brokers-1").pass(1);
    }

    private static KafkaCluster withSeveralDisks() {
        var spec = spec();
        spec.getSpec().brokers.storage = new Storage();
        spec.getSpec().brokers.storage.volumes = List.of(volume("a"), volume("b"));
        return spec;
    }

    private static Storage.Volume volume(String name) {
        var volume = new Storage.Volume();
        volume.name = name;
        volume.size = new Quantity("10Gi");
        return volume;
    }

    /** The last of them is no controller, and has its share. */
    private static CalmCluster withPool(String name) {
        var spec = spec();
        pool(name, 2).accept(spec);
        var cluster = new CalmCluster(spec).settle();
        cluster.kafka.createTopic(
                "orders",
                2,
                List.of(List.of(1000, 1001, 0), List.of(1001, 0, 1), List.of(0, 1, 2), List.of(2, 1000, 1)));
        cluster.pass(40).settle();
        cluster.plan().clear();
        return cluster;
    }

    /** The only one; none: no pool. */
    private static Consumer<KafkaCluster> pool(String name, int replicas) {
        return cluster -> {
            var pool = new BrokerPool();
            pool.name = name;
            pool.replicas = replicas;
            cluster.getSpec().brokers.pools = replicas == 0 ? null : List.of(pool);
        };
    }

    private static CalmCluster four() {
        var cluster = settled().edit(replicas(4)).settle();
        cluster.kafka.createTopic("payments", 2, List.of(List.of(3, 0, 1), List.of(2, 3, 0)));
        cluster.pass(40).reconcile();
        cluster.plan().clear();
        return cluster;
    }

    private static CalmCluster scalingIn() {
        var cluster = four().edit(replicas(3));
        while (cluster.kafka.moving().isEmpty()) {
            cluster.reconcile().pass(1);
        }
        return cluster.reconcile();
    }

    /** Six brokers in three zones, and a replica of each partition in each. */
    private static CalmCluster wide() {
        var spec = spec();
        spec.getSpec().brokers.replicas = 6;
        spec.getSpec().brokers.zones = List.of("z1", "z2", "z3");
        var cluster = new CalmCluster(spec).settle();
        cluster.kafka.createTopic(
                "orders", 2, List.of(List.of(0, 1000, 2001), List.of(1, 1000, 2000), List.of(0, 1001, 2000)));
        cluster.pass(40).reconcile();
        cluster.plan().clear();
        return cluster;
    }

    private static CalmCluster strays() {
        var cluster = wide();
        for (var zone : List.of(List.of(0, 1), List.of(1000, 1001), List.of(2000, 2001))) {
            for (int other : List.of(0, 1, 1000, 1001, 2000, 2001)) {
                if (!zone.contains(other)) {
                    cluster.kafka.createTopic(
                            "stray-" + zone.getFirst() + "-" + other,
                            2,
                            List.of(List.of(zone.getFirst(), zone.getLast(), other)));
                }
            }
        }
        return cluster.edit(config("log.retention.hours", "1")).settle();
    }

    private static CalmCluster awaitingApproval() {
        return wide().edit(rollout(rollout -> rollout.approval = Rollout.Approval.manual))
                .edit(config("log.retention.hours", "1"))
                .pass(5)
                .settle();
    }

    private static void onSaturdays(Rollout rollout) {
        var window = new Rollout.Window();
        window.cron = "0 2 * * 6";
        window.duration = "4h";
        window.timeZone = "Europe/Berlin";
        rollout.windows = List.of(window);
    }

    private static Consumer<KafkaCluster> rollout(Consumer<Rollout> declare) {
        return cluster -> {
            cluster.getSpec().rollout = new Rollout();
            declare.accept(cluster.getSpec().rollout);
        };
    }

    private static Consumer<KafkaCluster> approve(String hash) {
        return cluster -> cluster.getSpec().rollout.approve = hash;
    }

    private static CalmCluster upgraded() {
        var older = new CalmCluster(spec()).edit(version("4.3.1")).settle();
        older.plan().clear();
        return older.edit(version("4.4.0")).settle();
    }

    private static CalmCluster held() {
        return settled()
                .edit(rollout(rollout -> rollout.onFailure = Rollout.OnFailure.hold))
                .edit(broken("crash"));
    }

    /** The node is on its way back to what it was when the user knows better. */
    private static CalmCluster mendedMidway() {
        var cluster = settled().edit(broken("crash"));
        for (int i = 0; i < 60 && !(cluster.last().step() instanceof RecordTrialFailure); i++) {
            cluster.reconcile().pass(1);
        }
        return cluster.edit(broken(null))
                .edit(config("log.retention.hours", "1"))
                .settle();
    }

    private static void askForTooMuch(KafkaCluster cluster) {
        cluster.getSpec().brokers.resources = tooMuch();
    }

    private static Consumer<KafkaCluster> cpu(String request) {
        return cluster -> cluster.getSpec().brokers.resources = new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity(request))
                .build();
    }

    private static ResourceRequirements tooMuch() {
        return new ResourceRequirementsBuilder()
                .addToRequests("memory", new Quantity("64Ti"))
                .addToLimits("memory", new Quantity("64Ti"))
                .build();
    }

    private static CalmCluster brokerCrashed() {
        var cluster = held().settle();
        return cluster.pass(40).reconcile();
    }

    private static CalmCluster offlinePartition() {
        var cluster = settled();
        cluster.kafka.createTopic("audit", 1, List.of(List.of(1)));
        return cluster.edit(broken("hang")).settle();
    }

    /** Every node went down, came back with a spec that does not start, and the user has set it right. */
    private static CalmCluster allHang() {
        var cluster = wide().edit(broken("hang")).reconcile().pass(1).loseAllPods();
        cluster.pass(1).reconcile();
        cluster.plan().clear();
        return cluster.edit(broken(null)).settle();
    }

    private static CalmCluster gateShut() {
        var cluster = settled();
        cluster.kafka.createTopic("audit", 1, List.of(List.of(0, FakeKafka.NOBODY)));
        return cluster.edit(config("log.retention.hours", "1")).settle();
    }

    private static CalmCluster unreachable() {
        var cluster = settled();
        cluster.kafka.reachable(false);
        return cluster.settle();
    }

    private static CalmCluster foreign(HasMetadata object) {
        var cluster = cluster();
        cluster.kube.put(object);
        return cluster.settle();
    }

    private static CalmCluster statefulSetDeleted() {
        var cluster = settled();
        cluster.kube.everything(StatefulSet.class).forEach(cluster.kube::erase);
        return cluster.pass(1).settle();
    }

    private static Consumer<KafkaCluster> hibernate(boolean sleep) {
        return cluster -> cluster.getSpec().hibernate = sleep;
    }

    private static Consumer<KafkaCluster> config(String key, String value) {
        return cluster -> cluster.getSpec().config = Map.of(key, new TextNode(value));
    }

    private static Consumer<KafkaCluster> replicas(int replicas) {
        return cluster -> cluster.getSpec().brokers.replicas = replicas;
    }

    private static Consumer<KafkaCluster> version(String version) {
        return cluster -> cluster.getSpec().version = version;
    }

    /** A specification with which Kafka does not come up. */
    private static Consumer<KafkaCluster> broken(String how) {
        return cluster -> {
            cluster.getSpec().brokers.template = new PodTemplate();
            cluster.getSpec().brokers.template.annotations = how == null ? null : Map.of("test/broken", how);
        };
    }

    private static CalmCluster withDedicated(int controllers) {
        var spec = dedicated();
        spec.getSpec().controllers.replicas = controllers;
        var cluster = new CalmCluster(spec).settle();
        cluster.plan().clear();
        return cluster;
    }

    private static CalmCluster combined(String version) {
        var spec = spec();
        spec.getSpec().version = version;
        var cluster = new CalmCluster(spec).settle();
        cluster.plan().clear();
        return cluster;
    }

    private static void setControllers(KafkaCluster cluster) {
        cluster.getSpec().controllers = new Controllers();
    }

    private static Consumer<KafkaCluster> controllers(int replicas) {
        return cluster -> cluster.getSpec().controllers.replicas = replicas;
    }

    private static KafkaCluster dedicated() {
        var cluster = spec();
        cluster.getSpec().brokers.zones = List.of("z1", "z2");
        cluster.getSpec().controllers = new Controllers();
        cluster.getSpec().controllers.zones = List.of();
        return cluster;
    }

    private static KafkaCluster spec() {
        var cluster = new KafkaCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withNamespace("ns")
                .withName("events")
                .withUid("uid-1")
                .withGeneration(1L)
                .build());
        cluster.setSpec(new KafkaClusterSpec());
        cluster.getSpec().version = "4.4.0";
        cluster.getSpec().brokers = new Brokers();
        cluster.getSpec().brokers.replicas = 3;
        return cluster;
    }
}
