package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Repository;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Shell;
import dev.castellan.e2e.harness.StatusRecorder;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What only the whole run can show; it comes last. */
@E2E
@Isolated // after all that run beside each other
@Order(Integer.MAX_VALUE)
class AfterAllE2E {
    /** Kubernetes looks again after half of the pods' time to end in good order, for which the default is five minutes. */
    private static final Duration UNTIL_A_NAMESPACE_IS_GONE = Duration.ofMinutes(10);

    @Test
    @Order(1)
    void everyStatusThatAnybodyCouldSeeIsSound() {
        assertThat(StatusRecorder.FOLDER).isDirectoryContaining("glob:**.yaml");

        // Fails with the rules that were broken, by file.
        Shell.run(
                Repository.file(""),
                Duration.ofMinutes(5),
                Repository.file("e2e-tests/kstatus/check").toString(),
                StatusRecorder.FOLDER.toString());
    }

    @Test
    @Order(2)
    void namespacesOfClustersAndTopicsVanish(Scene scene) {
        for (var client : scene.clientsOfAll()) {
            client.namespaces().withLabel("castellan.dev/e2e").list().getItems().stream()
                    .map(namespace -> namespace.getMetadata().getName())
                    .filter(name -> !name.equals(scene.namespace()))
                    .forEach(name -> Await.untilGone(
                            client.namespaces().withName(name), "namespace " + name, UNTIL_A_NAMESPACE_IS_GONE));
        }
    }
}
