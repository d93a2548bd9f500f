package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Disks that go with their pods: each pod that comes back is a stranger to the quorum. */
@E2E
class EphemeralStorageE2E {
    private static Kafka kafka;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("fleeting");
        kafka.apply("brokers: {replicas: 3, storage: {ephemeral: true}}");
        scene.trafficThrough(kafka);
        kafka.awaitSettled();
    }

    @Test
    void aControllerWithANewDiskJoinsTheQuorumInPlaceOfTheOld(Scene scene) {
        scene.trafficThrough(kafka).checkpoint();
        kafka.awaitInSync();
        var voters = kafka.ask("quorum").get("voters");
        var uid = kafka.podUids().get("fleeting-brokers-0");

        kafka.pod("fleeting-brokers-0").delete();

        kafka.awaitReplaced(Map.of("fleeting-brokers-0", uid));
        kafka.awaitInSync();
        kafka.awaitSettled();
        // A leader goes on listing the old disk as an observer for minutes, which harms nobody.
        assertThat(kafka.ask("quorum").get("voters"))
                .matches("0:[^,]+,1:[^,]+,2:[^,]+")
                .isNotEqualTo(voters)
                .endsWith(voters.substring(voters.indexOf(",1:")));
        scene.trafficThrough(kafka).readAgain();
    }
}
