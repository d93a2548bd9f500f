package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Example;
import dev.castellan.e2e.harness.Scene;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Brokers with more disks than one. */
@E2E
class JbodE2E {
    private static Example example;

    @BeforeAll
    static void apply(Scene scene) {
        example = Example.apply(scene, "05-jbod");
        example.kafka().awaitSettled();
    }

    @Test
    @Order(1)
    void eachDiskIsALogDirectoryOnAVolumeOfItsOwn(Scene scene) {
        example.kafka().awaitAnswer("brokers", "logDirs", "0:2,1:2,2:2");
        assertThat(scene.client()
                        .persistentVolumeClaims()
                        .inNamespace(scene.namespace())
                        .list()
                        .getItems())
                .extracting(claim -> claim.getMetadata().getName())
                .contains("disk1-disks-brokers-0", "disk2-disks-brokers-0")
                .hasSize(6);
    }

    /** A StatefulSet's controller has labels of its own for its claims. */
    @Test
    @Order(2)
    void noToolTakesTheVolumeClaimsForItsOwn(Scene scene) {
        assertThat(scene.client()
                        .persistentVolumeClaims()
                        .inNamespace(scene.namespace())
                        .list()
                        .getItems())
                .allSatisfy(claim -> assertThat(claim.getMetadata().getLabels())
                        .containsEntry("castellan.dev/cluster", "disks")
                        .doesNotContainKey("app.kubernetes.io/instance"));
    }

    @Test
    @Order(3)
    void aRestartedBrokerFindsItsDisksAgain() {
        var uids = example.kafka().podUids();

        example.kafka().pod("disks-brokers-1").delete();

        example.kafka().awaitReplaced(Map.of("disks-brokers-1", uids.get("disks-brokers-1")));
        example.kafka().awaitInSync();
        example.kafka().awaitSettled();
    }
}
