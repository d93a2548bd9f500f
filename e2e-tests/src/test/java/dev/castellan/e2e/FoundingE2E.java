package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster is founded once, whatever happens to the operator meanwhile. */
@E2E
class FoundingE2E {
    private static final Logger LOG = LoggerFactory.getLogger(FoundingE2E.class);

    @Test
    void theOperatorMayDieAtAnyMoment(Scene scene) throws InterruptedException {
        var seed = System.nanoTime();
        LOG.info("  seed {}", seed);
        var random = new Random(seed);
        var kafka = scene.kafka("forming");

        kafka.apply("brokers: {replicas: 3}");
        killAfter(scene, random, kafka.handle(), "the cluster is seen", cluster -> cluster.getStatus() != null);
        killAfter(
                scene,
                random,
                scene.client()
                        .apps()
                        .statefulSets()
                        .inNamespace(scene.namespace())
                        .withName("forming-brokers"),
                "the StatefulSet is there",
                set -> true);
        killAfter(
                scene,
                random,
                scene.client().pods().inNamespace(scene.namespace()).withName("forming-brokers-0"),
                "a broker is ready",
                Readiness::isPodReady);

        var cluster = kafka.awaitSettled();
        scene.trafficThrough(kafka).checkpoint();
        var identity = scene.client()
                .configMaps()
                .inNamespace(scene.namespace())
                .withName("forming-identity")
                .require();
        assertThat(identity.getData()).containsEntry("formed", "true");
        assertThat(kafka.awaitAnswer("brokers", "logDirs", "0:1,1:1,2:1"))
                .containsEntry("cluster", identity.getData().get("cluster.id"))
                .containsEntry("cluster", cluster.getStatus().clusterId);
        assertThat(kafka.ask("quorum").get("voters")).matches("0:[^,]+,1:[^,]+,2:[^,]+");
        assertThat(kafka.podList()).allSatisfy(pod -> assertThat(
                        pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
                .isZero());
    }

    /** Kills the operator a random moment after this is seen, so that runs together cover what comes next. */
    private static <T extends HasMetadata> void killAfter(
            Scene scene, Random random, Resource<T> resource, String what, Predicate<T> condition)
            throws InterruptedException {
        dev.castellan.e2e.harness.Await.until(resource, what, Kafka.PATIENCE, condition);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
        scene.operator().kill();
    }
}
