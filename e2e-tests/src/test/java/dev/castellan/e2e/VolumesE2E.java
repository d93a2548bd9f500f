package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Edit;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Volumes grow under traffic and no pod is touched. The storage cannot really do it: the test plays its driver. */
@E2E
class VolumesE2E {
    private static final Logger LOG = LoggerFactory.getLogger(VolumesE2E.class);
    private static final String CLASS = "e2e-growing";
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

    private static Kafka kafka;
    private static Traffic traffic;
    private static Map<String, String> pods;

    @BeforeAll
    static void found(Scene scene) {
        scene.client().resource(storageClass(scene)).serverSideApply();
        kafka = scene.kafka("grown");
        kafka.apply("brokers: {replicas: 3, storage: {size: 1Gi, storageClass: " + CLASS + "}}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        kafka.awaitInSync();
        pods = kafka.podUids();
    }

    @AfterAll
    static void takeAway(Scene scene) {
        scene.client().storage().v1().storageClasses().withName(CLASS).delete();
    }

    /** As the default one, but that its volumes may be said to grow, later. */
    private static StorageClass storageClass(Scene scene) {
        var like = scene.client().storage().v1().storageClasses().list().getItems().stream()
                .filter(found -> found.getMetadata().getAnnotations() != null
                        && "true".equals(found.getMetadata().getAnnotations().get(DEFAULT_CLASS)))
                .findFirst()
                .orElseThrow();
        return new StorageClassBuilder()
                .withNewMetadata()
                .withName(CLASS)
                .endMetadata()
                .withProvisioner(like.getProvisioner())
                .withParameters(like.getParameters())
                .withReclaimPolicy(like.getReclaimPolicy())
                .withVolumeBindingMode(like.getVolumeBindingMode())
                .withAllowVolumeExpansion(false)
                .build();
    }

    @Test
    @Order(1)
    void aClassThatDoesNotAllowItIsNamedAndAllElseGoesOn(Scene scene) {
        var set = set(scene).require();

        kafka.edit(spec -> {
            spec.brokers.storage.size = new Quantity("2Gi");
            spec.config.put("log.retention.ms", new TextNode("86400000"));
        });

        var stalled = kafka.awaitCondition("Stalled", "True", "VolumeGrowthRefused");
        assertThat(Kafka.condition(stalled, "Stalled").orElseThrow().getMessage())
                .contains("data-grown-brokers-", "StorageClass " + CLASS, "allowVolumeExpansion: true");
        LOG.info(
                "  refused: {}",
                Kafka.condition(stalled, "Stalled").orElseThrow().getMessage());
        kafka.awaitBrokerConfig("log.retention.ms", "86400000");
        assertThat(kafka.podUids()).isEqualTo(pods);
        assertThat(Set.copyOf(requests(scene).values())).containsExactly("1Gi");
        assertThat(set(scene).require().getMetadata().getUid())
                .isEqualTo(set.getMetadata().getUid());
        traffic.checkpoint();
    }

    @Test
    @Order(2)
    void growsOnceTheClassAllowsIt(Scene scene) {
        var before = set(scene).require();
        var start = Instant.now();

        Edit.of(
                scene.client().storage().v1().storageClasses().withName(CLASS),
                found -> found.setAllowVolumeExpansion(true));

        kafka.await(
                "tells that volumes grow",
                cluster -> cluster.getStatus().plan.reason.contains("data-grown-brokers-0 from 1Gi to 2Gi"));
        LOG.info("  asked for, and the StatefulSet replaced, after {} s", seconds(start));
        assertThat(Set.copyOf(requests(scene).values())).containsExactly("2Gi");
        playDriver(scene);
        kafka.awaitDone();
        isReplaced(scene, before, "2Gi");
        assertThat(kafka.podUids()).isEqualTo(pods);
        LOG.info("  volumes grown: {}", traffic.waits());
        traffic.readAgain();
    }

    @Test
    @Order(3)
    void whatTheOperatorDiesOverIsEnded(Scene scene) throws Exception {
        var before = set(scene).require();

        // Watched from before the edit: the record may soon be gone again.
        var successorOnRecord = scene.client()
                .configMaps()
                .inNamespace(scene.namespace())
                .withName("grown-brokers-successor")
                .informOnCondition(records -> !records.isEmpty());
        kafka.edit(spec -> spec.brokers.storage.size = new Quantity("3Gi"));
        successorOnRecord.get(Kafka.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        scene.operator().kill();
        LOG.info("  the operator dies; the StatefulSet is there: {}", set(scene).get() != null);
        scene.operator().awaitAvailable();

        kafka.await(
                "tells that volumes grow",
                cluster -> cluster.getStatus().plan.reason.contains("data-grown-brokers-0 from 2Gi to 3Gi"));
        playDriver(scene);
        kafka.awaitDone();
        isReplaced(scene, before, "3Gi");
        assertThat(kafka.podUids()).isEqualTo(pods);
        traffic.readAgain();
    }

    @Test
    @Order(4)
    void nodesThatComeLaterGetTheSizeAndThoseThatComeBackTheirs(Scene scene) {
        kafka.pod("grown-brokers-1").delete();
        kafka.awaitReplaced(Map.of("grown-brokers-1", pods.get("grown-brokers-1")));
        kafka.awaitInSync();

        kafka.edit(spec -> spec.brokers.replicas = 4);

        kafka.await(
                "settled with 4 brokers",
                cluster -> Kafka.isSettled(cluster)
                        && cluster.getStatus().brokers.size() == 4
                        && "Done".equals(cluster.getStatus().plan.step));
        assertThat(requests(scene)).hasSize(4).containsEntry("data-grown-brokers-3", "3Gi");
        assertThat(kafka.podUids())
                .containsEntry("grown-brokers-0", pods.get("grown-brokers-0"))
                .containsEntry("grown-brokers-2", pods.get("grown-brokers-2"));
        traffic.readAgain();
    }

    /** Another than before, with these volumes, the same record of the past, and all the pods. */
    private static void isReplaced(Scene scene, StatefulSet before, String size) {
        var after = set(scene).require();
        assertThat(after.getMetadata().getUid())
                .isNotEqualTo(before.getMetadata().getUid());
        assertThat(after.getMetadata().getAnnotations())
                .containsAllEntriesOf(before.getMetadata().getAnnotations());
        assertThat(after.getSpec().getTemplate()).isEqualTo(before.getSpec().getTemplate());
        assertThat(after.getSpec()
                        .getVolumeClaimTemplates()
                        .getFirst()
                        .getSpec()
                        .getResources()
                        .getRequests())
                .containsEntry("storage", new Quantity(size));
        assertThat(kafka.podList())
                .allSatisfy(pod -> assertThat(pod.getMetadata().getOwnerReferences())
                        .extracting(owner -> owner.getUid())
                        .containsExactly(after.getMetadata().getUid()));
        assertThat(scene.client()
                        .configMaps()
                        .inNamespace(scene.namespace())
                        .withName("grown-brokers-successor")
                        .get())
                .isNull();
    }

    private static void playDriver(Scene scene) {
        claims(scene).forEach(claim -> scene.client()
                .persistentVolumeClaims()
                .inNamespace(scene.namespace())
                .withName(claim.getMetadata().getName())
                .editStatus(seen -> {
                    seen.getStatus().setCapacity(seen.getSpec().getResources().getRequests());
                    return seen;
                }));
    }

    private static Resource<StatefulSet> set(Scene scene) {
        return scene.client()
                .apps()
                .statefulSets()
                .inNamespace(scene.namespace())
                .withName("grown-brokers");
    }

    private static Map<String, String> requests(Scene scene) {
        var requests = new TreeMap<String, String>();
        claims(scene)
                .forEach(claim -> requests.put(
                        claim.getMetadata().getName(),
                        claim.getSpec()
                                .getResources()
                                .getRequests()
                                .get("storage")
                                .toString()));
        return requests;
    }

    private static List<PersistentVolumeClaim> claims(Scene scene) {
        return scene.client()
                .persistentVolumeClaims()
                .inNamespace(scene.namespace())
                .withLabel("castellan.dev/cluster", "grown")
                .list()
                .getItems();
    }

    private static long seconds(Instant since) {
        return Duration.between(since, Instant.now()).toSeconds();
    }
}
