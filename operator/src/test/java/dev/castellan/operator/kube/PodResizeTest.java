package dev.castellan.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import org.junit.jupiter.api.Test;

class PodResizeTest {
    @Test
    void isOursByTheApiServersRecordOfWhoResizedIt() {
        assertThat(PodResize.isOurs(managedBy("castellan", "resize"))).isTrue();
        assertThat(PodResize.isOurs(managedBy("vpa-updater", "resize"))).isFalse();
        assertThat(PodResize.isOurs(managedBy("castellan", "status"))).isFalse();
        assertThat(PodResize.isOurs(managedBy("castellan", null))).isFalse();
    }

    @Test
    void isAboutCpuAndMemoryOnly() {
        var resources = new ResourceRequirementsBuilder(resources("1"))
                .addToRequests("ephemeral-storage", new Quantity("1Gi"))
                .build();

        assertThat(PodResize.resizable(resources)).isEqualTo(resources("1"));
    }

    @Test
    void tellsWhatAdmissionMadeOfIt() {
        var pod = new PodBuilder()
                .withNewSpec()
                .addNewContainer()
                .withName("kafka")
                .withResources(resources("1250m"))
                .endContainer()
                .endSpec()
                .build();

        assertThat(PodResize.difference(pod, resources("1"))).contains("requests.cpu is 1250m");
        assertThat(PodResize.difference(pod, resources("1.25"))).isEmpty();
    }

    @Test
    void isDeniedByAdmissionAndNotForLackOfAPermission() {
        assertThat(PodResize.isDenied(403, "pods \"events-brokers-0\" is forbidden: exceeded quota: team"))
                .isTrue();
        assertThat(PodResize.isDenied(
                        403,
                        "pods \"events-brokers-0\" is forbidden: User \"system:serviceaccount:a:castellan\" cannot patch"
                                + " resource \"pods/resize\" in API group \"\" in the namespace \"shop\""))
                .isFalse();
        assertThat(PodResize.isDenied(422, "Pod QOS Class may not change as a result of resizing"))
                .isFalse();
    }

    private static ResourceRequirements resources(String cpu) {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity(cpu))
                .build();
    }

    private static Pod managedBy(String manager, String subresource) {
        return new PodBuilder()
                .withNewMetadata()
                .withManagedFields(new ManagedFieldsEntryBuilder()
                        .withManager(manager)
                        .withSubresource(subresource)
                        .build())
                .endMetadata()
                .build();
    }
}
