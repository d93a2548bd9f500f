package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Example;
import dev.castellan.e2e.harness.Scene;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Controllers in pods of their own. */
@E2E
class DedicatedControllersE2E {
    private static Example example;

    @BeforeAll
    static void apply(Scene scene) {
        example = Example.apply(scene, "04-dedicated-controllers");
        example.kafka().awaitSettled();
    }

    @Test
    @Order(1)
    void controllersVoteAndBrokersServe() {
        assertThat(example.kafka().podUids())
                .containsOnlyKeys(
                        "large-brokers-0",
                        "large-brokers-1",
                        "large-brokers-2",
                        "large-controllers-1000",
                        "large-controllers-1001",
                        "large-controllers-1002");
        assertThat(example.kafka().awaitAnswer("quorum", "observers", "0,1,2"))
                .hasEntrySatisfying("voters", voters -> assertThat(voters).matches("1000:[^,]+,1001:[^,]+,1002:[^,]+"));
        example.kafka().awaitAnswer("brokers", "racks", "0:null,1:null,2:null");
    }

    @Test
    @Order(2)
    void theActiveControllerMayBeLost(Scene scene) {
        var quorum = example.kafka().ask("quorum");
        var pod = "large-controllers-" + quorum.get("leader");
        var uid = example.kafka().podUids().get(pod);

        example.kafka().pod(pod).withGracePeriod(0).delete();

        example.kafka().awaitReplaced(Map.of(pod, uid));
        example.kafka().awaitSettled();
        assertThat(example.kafka().ask("quorum")).containsEntry("voters", quorum.get("voters"));
    }
}
