package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Flux;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Kustomization;
import dev.castellan.e2e.harness.Repository;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Topic;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** GitOps with Flux: it waits for what is true, sets back what others change, and prunes no data. */
@E2E
class FluxE2E {
    private static final Logger LOG = LoggerFactory.getLogger(FluxE2E.class);
    private static final Path EXAMPLE = Repository.file("examples/08-flux");
    private static final String CLUSTER = "kafka/cluster.yaml";
    private static final String TOPICS = "kafka/topics.yaml";
    private static final String TRAFFIC = "kafka/traffic.yaml";
    private static final String BRIEF = "kafka/brief.yaml";
    private static final String SHOP = "shop/topics.yaml";

    private static final String PAUSE = "castellan.dev/pause";

    private static Scene scene;
    private static Flux flux;
    private static Kafka kafka;
    private static Traffic traffic;
    private static Map<String, String> git;
    private static Kustomization cluster;
    private static Kustomization shop;

    @BeforeAll
    static void start(Scene given) throws IOException {
        scene = given;
        kafka = scene.kafka("events");
        git = new TreeMap<>();
        for (var file : List.of(CLUSTER, TOPICS, SHOP)) {
            git.put(file, Files.readString(EXAMPLE.resolve(file)));
        }
        // Else Kafka levels leaders some minutes after a roll, and status rightly tells of it while nobody should
        // write.
        edit(CLUSTER, "config: {", "config: {auto.leader.rebalance.enable: false, ");
        flux = Flux.start(scene);
        flux.dryRun(EXAMPLE.resolve("flux.yaml"));
    }

    @AfterAll
    static void stop() {
        if (flux != null) {
            flux.close();
        }
    }

    @Test
    @Order(1)
    void topicsWaitForAClusterThatIsNotThereYet() {
        var revision = flux.commit(git);
        shop = flux.apply(EXAMPLE.resolve("flux.yaml"), "shop", Duration.ofSeconds(30));

        assertThat(shop.awaitFailed(revision, "HealthCheckFailed"))
                .contains("timeout waiting for")
                .contains(said("orders", "InProgress"), said("previews", "InProgress"));
        topic("orders").awaitCondition("Ready", "False", "WaitingForCluster");
    }

    @Test
    @Order(2)
    void itIsReadyOnceTheClusterAndItsTopicsAre() {
        git.put(TRAFFIC, topic("e2e-traffic", "{partitions: 3}"));
        var revision = flux.commit(git);
        cluster = flux.apply(EXAMPLE.resolve("flux.yaml"), "kafka", Duration.ofMinutes(3));
        traffic = scene.trafficThrough(kafka);

        var applied = cluster.awaitApplied(revision);

        assertThat(kafka.now()).matches(Kafka::isReady, "is ready");
        assertThat(topic("audit").handle().require()).matches(Topic::isReady, "is ready");
        assertThat(topic("e2e-traffic").handle().require()).matches(Topic::isReady, "is ready");
        assertThat(Kustomization.outcomes(applied)).isEqualTo(Map.of("ReconciliationSucceeded", 1));
        shop.awaitApplied(revision);
        kafka.awaitTopic("orders", "partitions", "6");
        kafka.awaitTopic("previews", "exists", "true");
    }

    @Test
    @Order(3)
    void aChangeIsAppliedOnceKafkaHasIt() {
        edit(SHOP, "partitions: 6", "partitions: 9\n  config: {retention.ms: 7200000}");
        edit(CLUSTER, "log.retention.ms: 604800000", "log.retention.ms: 172800000, queued.max.requests: 600");
        var pods = kafka.podUids();
        var revision = flux.commit(git);

        cluster.awaitApplied(revision);

        kafka.awaitBrokerConfig("queued.max.requests", Map.of("0", "600", "1", "600", "2", "600"));
        kafka.awaitBrokerConfig("log.retention.ms", Map.of("0", "172800000", "1", "172800000", "2", "172800000"));
        assertThat(kafka.podUids().values()).doesNotContainAnyElementsOf(pods.values());
        shop.awaitApplied(revision);
        kafka.awaitTopic("orders", Map.of("partitions", "9", "config.retention.ms", "7200000"));
        LOG.info("  a roll by commit: {}", traffic.waits());
    }

    @Test
    @Order(4)
    void whatIsRefusedFailsAtOnceAndTheNextRevisionCuresIt() {
        // What somebody does in Kafka itself the operator sees by and by: looked at by a later test.
        kafka.setTopicConfig("audit", "retention.ms", "3600000");
        kafka.setTopicConfig("audit", "max.message.bytes", "1000000");
        var pods = kafka.podUids();

        edit(SHOP, "partitions: 9", "partitions: 3");
        assertThat(shop.awaitFailed(flux.commit(git), "ReconciliationFailed"))
                .contains("KafkaTopic/" + scene.namespace() + "/orders")
                .contains("spec.partitions cannot be lowered, from 9 to 3");

        edit(SHOP, "partitions: 3", "partitions: 9");
        edit(SHOP, "retention.ms: 7200000", "retention.ms: a week");
        assertThat(shop.awaitFailed(flux.commit(git), "HealthCheckFailed"))
                .contains("failed early")
                .contains(said("orders", "Failed"));
        var refused = topic("orders").awaitCondition("Stalled", "True", "KafkaRefused");
        assertThat(refused.getStatus().conditions)
                .anySatisfy(condition -> assertThat(condition.getMessage()).contains("retention.ms"));

        edit(SHOP, "retention.ms: a week", "retention.ms: 3600000");
        edit(CLUSTER, "queued.max.requests: 600", "node.id: 7");
        var revision = flux.commit(git);
        assertThat(cluster.awaitFailed(revision, "HealthCheckFailed"))
                .contains("KafkaCluster/" + scene.namespace() + "/events status: 'Failed'");
        shop.awaitApplied(revision);
        kafka.awaitTopic("orders", "config.retention.ms", "3600000");

        edit(CLUSTER, "node.id: 7", "queued.max.requests: 600");
        cluster.awaitApplied(flux.commit(git));
        assertThat(kafka.podUids()).isEqualTo(pods);
    }

    @Test
    @Order(5)
    void whatSomebodyChangesIsSetBack() {
        topic("orders").edit(spec -> spec.config.put("retention.ms", IntNode.valueOf(60_000)));
        kafka.edit(spec -> spec.config.put("log.retention.ms", IntNode.valueOf(3_600_000)));
        topic("orders").awaitReady();
        kafka.awaitTopic("orders", "config.retention.ms", "60000");

        shop.reconcile();
        cluster.reconcile();

        topic("orders").awaitReady();
        kafka.awaitSettled();
        kafka.awaitTopic("orders", "config.retention.ms", "3600000");
        kafka.awaitBrokerConfig("log.retention.ms", Map.of("0", "172800000", "1", "172800000", "2", "172800000"));
        var drifted = topic("audit").awaitCondition("Drifted", "True", "Drifted");
        assertThat(drifted.getStatus().drift).extracting(drift -> drift.key).containsExactly("max.message.bytes");
        kafka.awaitTopic("audit", "config.retention.ms", "2592000000");

        annotate("kubectl-annotate", "\"true\"");
        assertThat(cluster.reconcile()).matches(Kustomization::isReady, "is ready");
        assertThat(kafka.now().getMetadata().getAnnotations()).doesNotContainKey(PAUSE);
        annotate("flux-client-side-apply", "\"true\"");
        assertThat(cluster.reconcile()).matches(Kustomization::isReady, "is ready");
        assertThat(kafka.now().getMetadata().getAnnotations()).containsEntry(PAUSE, "true");
        annotate("flux-client-side-apply", "null");
    }

    /** A write to any of them would show in its resourceVersion. */
    @Test
    @Order(6)
    void nobodyWritesWhereNothingChanges() {
        kafka.awaitDone();
        var before = versions();

        for (var round = 0; round < 5; round++) {
            assertThat(cluster.reconcile()).matches(Kustomization::isReady, "is ready");
            assertThat(shop.reconcile()).matches(Kustomization::isReady, "is ready");
        }

        assertThat(versions()).isEqualTo(before);
    }

    @Test
    @Order(7)
    void whatIsTakenOutOfGitKeepsItsDataUnlessItSaysDelete() {
        var id = topic("e2e-traffic").handle().require().getStatus().topicId;
        git.remove(TRAFFIC);
        edit(SHOP, "name: previews", "name: others");
        var revision = flux.commit(git);

        cluster.awaitApplied(revision);
        shop.awaitApplied(revision);

        awaitGone("e2e-traffic");
        awaitGone("previews");
        kafka.awaitTopic("previews", "exists", "false");
        kafka.awaitTopic("others", "exists", "true");
        assertThat(kafka.topic("e2e-traffic")).containsEntry("id", id);
        traffic.readAgain();

        git.put(TRAFFIC, topic("e2e-traffic", "{partitions: 3}"));
        cluster.awaitApplied(flux.commit(git));
        assertThat(topic("e2e-traffic").handle().require().getStatus().topicId).isEqualTo(id);
    }

    /** Flux then deletes and makes again what the API server refuses to change. */
    @Test
    @Order(8)
    void aForcedChangeDeletesNoTopic() {
        var id = kafka.topic("orders").get("id");
        var before = git.get(SHOP);
        edit(SHOP, "{name: orders}", "{name: orders, annotations: {kustomize.toolkit.fluxcd.io/force: enabled}}");
        edit(SHOP, "partitions: 9", "partitions: 3");

        assertThat(shop.awaitFailed(flux.commit(git), "HealthCheckFailed")).contains(said("orders", "Failed"));

        topic("orders").awaitCondition("Stalled", "True", "PartitionsDiffer");
        assertThat(kafka.topic("orders")).containsEntry("id", id).containsEntry("partitions", "9");
        git.put(SHOP, before);
        var revision = flux.commit(git);
        shop.awaitApplied(revision);
        // The cluster's Kustomization too sees the new revision, and would make again what the next test deletes.
        cluster.awaitApplied(revision);
    }

    @Test
    @Order(9)
    void aClusterThatSomebodyDeletesIsMadeAgainWithAllMessages() {
        var id = kafka.now().getStatus().clusterId;
        var claims = claims();
        traffic.pause();

        kafka.handle().delete();
        Await.untilGone(kafka.handle(), "KafkaCluster", Kafka.PATIENCE);
        topic("orders").awaitCondition("Ready", "False", "WaitingForCluster");
        assertThat(Kustomization.failure(shop.reconcile()))
                .startsWith("HealthCheckFailed")
                .contains(said("orders", "InProgress"));
        assertThat(claims()).isEqualTo(claims);

        assertThat(cluster.reconcile()).matches(Kustomization::isReady, "is ready");
        assertThat(kafka.now().getStatus().clusterId).isEqualTo(id);
        assertThat(claims()).isEqualTo(claims);
        shop.awaitApplied(flux.revision());
        traffic.resume();
        traffic.readAgain();
    }

    @Test
    @Order(10)
    void aProtectedClusterIsNotPruned() {
        edit(CLUSTER, "version: 4.4.0", "version: 4.4.0\n  deletionProtection: true");
        cluster.awaitApplied(flux.commit(git));
        var manifest = git.remove(CLUSTER);

        assertThat(cluster.awaitFailed(flux.commit(git), "PruneFailed")).contains("deletionProtection");
        traffic.checkpoint();

        git.put(CLUSTER, manifest.replace("deletionProtection: true", "deletionProtection: false"));
        cluster.awaitApplied(flux.commit(git));
    }

    @Test
    @Order(11)
    void aClusterAndItsTopicsArePrunedTogetherWithoutHanging() {
        git.put(BRIEF, topic("brief", "{partitions: 1, deletionPolicy: Delete}"));
        cluster.awaitApplied(flux.commit(git));
        var id = kafka.now().getStatus().clusterId;
        var claims = claims();
        traffic.pause();
        var files = List.of(CLUSTER, TOPICS, TRAFFIC, BRIEF);
        var taken = new TreeMap<>(git);
        taken.keySet().retainAll(files);
        git.keySet().removeAll(files);
        git.put("kafka/nothing.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nothing}\n");

        var revision = flux.commit(git);

        cluster.awaitApplied(revision);
        Await.untilGone(kafka.handle(), "KafkaCluster", Kafka.PATIENCE);
        awaitGone("audit");
        awaitGone("e2e-traffic");
        awaitGone("brief");
        shop.deleteAndWait();
        awaitGone("orders");
        awaitGone("others");
        assertThat(claims()).isEqualTo(claims);

        git.putAll(taken);
        cluster.awaitApplied(flux.commit(git));
        assertThat(kafka.now().getStatus().clusterId).isEqualTo(id);
        traffic.resume();
        traffic.readAgain();
    }

    /** The pause, as somebody sets it by hand. */
    private static void annotate(String by, String value) {
        kafka.handle()
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(by)
                                .build(),
                        "{\"metadata\": {\"annotations\": {\"%s\": %s}}}".formatted(PAUSE, value));
    }

    private static void edit(String file, String what, String by) {
        assertThat(git.get(file)).contains(what);
        git.put(file, git.get(file).replace(what, by));
    }

    private static String topic(String name, String spec) {
        return """
                apiVersion: castellan.dev/v1beta1
                kind: KafkaTopic
                metadata: {name: %s}
                spec: {clusterRef: {name: %s}, %s
                """.formatted(name, kafka.name(), spec.substring(1));
    }

    private static Topic topic(String name) {
        return kafka.topicNamed(name);
    }

    private static void awaitGone(String topic) {
        Await.untilGone(topic(topic).handle(), "KafkaTopic " + topic, Kafka.PATIENCE);
    }

    private static String said(String topic, String status) {
        return "KafkaTopic/%s/%s status: '%s'".formatted(scene.namespace(), topic, status);
    }

    private static Map<String, String> versions() {
        return Stream.of(KafkaCluster.class, KafkaTopic.class)
                .<HasMetadata>flatMap(kind ->
                        scene.client().resources(kind).inNamespace(scene.namespace()).list().getItems().stream())
                .map(HasMetadata::getMetadata)
                .collect(Collectors.toMap(meta -> meta.getName(), meta -> meta.getResourceVersion()));
    }

    private static Set<String> claims() {
        return scene.client().persistentVolumeClaims().inNamespace(scene.namespace()).list().getItems().stream()
                .map(PersistentVolumeClaim::getMetadata)
                .map(meta -> meta.getName() + " " + meta.getUid())
                .collect(Collectors.toSet());
    }
}
