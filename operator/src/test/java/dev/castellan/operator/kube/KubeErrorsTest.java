package dev.castellan.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class KubeErrorsTest {

    /** As the admission plugin NamespaceLifecycle says it. */
    @Test
    void aNamespaceThatIsBeingDeletedIsKnownByTheCause() {
        // Given
        var refusal = forbidden()
                .withMessage(
                        "configmaps \"events\" is forbidden: unable to create new content in namespace shop because it"
                                + " is being terminated")
                .withNewDetails()
                .addNewCause("metadata.namespace", "namespace shop is being terminated", "NamespaceTerminating")
                .endDetails()
                .build();
        // When, then
        assertThat(of(refusal)).isExactlyInstanceOf(NamespaceLeaving.class);
    }

    @Test
    void whatIsForbiddenOtherwiseIsNot() {
        assertThat(of(forbidden().withMessage("exceeded quota").build())).isExactlyInstanceOf(KubeRejected.class);
    }

    private static RuntimeException of(Status status) {
        return KubeErrors.of("apply ConfigMap events", new KubernetesClientException(status));
    }

    private static StatusBuilder forbidden() {
        return new StatusBuilder().withCode(403).withReason("Forbidden");
    }
}
