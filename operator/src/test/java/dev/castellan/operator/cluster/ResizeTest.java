package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.Jvm;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.api.v1beta1.Storage;
import dev.castellan.operator.kube.PodResize;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CPU and memory that leave Java's options as they are reach nodes while they run, and what they have is told by their pods. */
class ResizeTest {
    private static final String FIRST = "{requests: {cpu: '1'}, limits: {cpu: '2', memory: 2Gi}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{requests: {cpu: '1500m'}, limits: {cpu: '2', memory: 2Gi}}",
                "{requests: {cpu: 500m}, limits: {cpu: '2', memory: 2Gi}}",
                "{requests: {cpu: '1'}, limits: {cpu: '4', memory: 2Gi}}",
                "{requests: {cpu: '1', memory: 1Gi}, limits: {cpu: '2', memory: 2Gi}}",
                "{requests: {cpu: '1'}, limits: {cpu: '2', memory: 3Gi}}"
            })
    void isDoneInPlace(String resources) {
        // Given
        var cluster = three();
        var pods = uids(cluster);
        // When
        cluster.edit(resources(resources)).settle();
        // Then
        assertThat(cluster.status().plan.step).isEqualTo("Done");
        assertThat(uids(cluster)).isEqualTo(pods);
        assertThat(pods(cluster))
                .allSatisfy(pod -> assertThat(PodResize.asked(pod)).isEqualTo(template(cluster)));
        assertThat(cluster.plan())
                .filteredOn(line -> line.startsWith("ResizeNode"))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{requests: {cpu: '1'}, limits: {memory: 2Gi}}", // a limit is taken away
                "{requests: {cpu: '1'}, limits: {cpu: '2', memory: 1500Mi}}", // a process may have that memory
                "{requests: {cpu: '2'}, limits: {cpu: '2', memory: 2Gi}}", // the class of service becomes Guaranteed
                "{requests: {cpu: '1'}, limits: {cpu: '1', memory: 2Gi}}" // another collector
            })
    void takesARestartWhereThereIsNoOtherWay(String resources) {
        // Given
        var cluster = three();
        var pods = uids(cluster);
        // When
        cluster.edit(resources(resources)).settle();
        // Then
        assertThat(cluster.status().plan.step).isEqualTo("Done");
        assertThat(uids(cluster).values()).doesNotContainAnyElementsOf(pods.values());
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("ResizeNode"));
    }

    @Test
    void aNewHeapTakesARestart() {
        // Given
        var cluster = three();
        var pods = uids(cluster);
        // When
        cluster.edit(resources("{requests: {cpu: '1'}, limits: {cpu: '2', memory: 4Gi}}"))
                .edit(spec -> spec.getSpec().brokers.jvm = null)
                .settle();
        // Then
        assertThat(uids(cluster).values()).doesNotContainAnyElementsOf(pods.values());
    }

    @Test
    void thereAndBackRestartsNobodyWhateverTheOperatorForgets() {
        // Given
        var cluster = three();
        var pods = uids(cluster);
        var before = template(cluster);
        cluster.edit(resources("{requests: {cpu: '1500m'}, limits: {cpu: '2', memory: 2Gi}}"))
                .settle();
        // When
        cluster.restartOperator().settle();
        int writes = cluster.kube.writes();
        cluster.pass(100).settle();
        // Then
        assertThat(cluster.kube.writes()).isEqualTo(writes);
        // When
        cluster.restartOperator().edit(resources(FIRST)).settle();
        // Then
        assertThat(uids(cluster)).isEqualTo(pods);
        assertThat(pods(cluster))
                .allSatisfy(pod -> assertThat(PodResize.asked(pod)).isEqualTo(before));
    }

    @Test
    void aLimitThatCameInPlaceGoesByARestart() {
        // Given
        var cluster = three();
        cluster.edit(resources("{requests: {cpu: '1'}, limits: {memory: 2Gi}}"))
                .settle()
                .edit(resources("{requests: {cpu: '1'}, limits: {cpu: '3', memory: 2Gi}}"))
                .settle();
        var pods = uids(cluster);
        // When
        cluster.edit(resources("{requests: {cpu: '1'}, limits: {memory: 2Gi}}")).settle();
        // Then
        assertThat(uids(cluster).values()).doesNotContainAnyElementsOf(pods.values());
        assertThat(pods(cluster))
                .allSatisfy(pod -> assertThat(PodResize.asked(pod).getLimits()).containsOnlyKeys("memory"));
    }

    @Test
    void aPodThatComesAnewIsAsItShouldBe() {
        // Given
        var cluster = three();
        cluster.edit(resources("{requests: {cpu: '1500m'}, limits: {cpu: '2', memory: 2Gi}}"))
                .settle();
        var pods = uids(cluster);
        // When
        cluster.losePod("events-brokers-1").pass(1).settle();
        // Then
        assertThat(uids(cluster)).isNotEqualTo(pods).hasSize(3);
        assertThat(cluster.status().plan.step).isEqualTo("Done");
        assertThat(PodResize.asked(cluster.pod("events-brokers-1"))).isEqualTo(template(cluster));
    }

    /** As by a LimitRange, or a webhook that rounds up. */
    @Test
    void whatAdmissionMadeOfAPodIsLeftAlone() {
        // Given
        var cluster = three();
        var pods = uids(cluster);
        for (var pod : pods(cluster)) {
            cluster.kube.update(new PodBuilder(pod)
                    .editSpec()
                    .editFirstContainer()
                    .editResources()
                    .addToRequests("cpu", new Quantity("1100m"))
                    .addToLimits("ephemeral-storage", new Quantity("1Gi"))
                    .endResources()
                    .endContainer()
                    .endSpec()
                    .build());
        }
        int writes = cluster.kube.writes();
        // When
        cluster.restartOperator().pass(60).settle();
        // Then
        assertThat(cluster.kube.writes()).isEqualTo(writes);
        assertThat(uids(cluster)).isEqualTo(pods);
        // When
        cluster.edit(resources("{requests: {cpu: '1500m'}, limits: {cpu: '2', memory: 2Gi}}"))
                .settle();
        // Then
        assertThat(uids(cluster)).isEqualTo(pods);
        assertThat(cluster.status().plan.step).isEqualTo("Done");
    }

    /** Its successor is made for the pods there are, which were made from something else than it says. */
    @Test
    void aStatefulSetThatIsMadeAgainKeepsItsResizedPods() {
        // Given
        var cluster = three();
        var pods = uids(cluster);
        cluster.edit(resources("{requests: {cpu: '1500m'}, limits: {cpu: '2', memory: 2Gi}}"))
                .settle();
        var set = set(cluster);
        // When
        cluster.edit(spec -> {
                    spec.getSpec().brokers.storage = new Storage();
                    spec.getSpec().brokers.storage.size = new Quantity("20Gi");
                })
                .settle();
        // Then
        assertThat(set(cluster).getMetadata().getUid())
                .isNotEqualTo(set.getMetadata().getUid());
        assertThat(uids(cluster)).isEqualTo(pods);
        assertThat(cluster.status().plan.step).isEqualTo("Done");
    }

    /** Until a node is well with more, all are to go back to less should one not come up. */
    @Test
    void whatNoNodeHasTriedIsNotTakenForGood() {
        // Given
        var cluster = three();
        // When
        cluster.edit(resources("{requests: {cpu: '1000'}, limits: {cpu: '2000', memory: 2Gi}}"))
                .edit(spec -> {
                    spec.getSpec().rollout = new Rollout();
                    spec.getSpec().rollout.patience = "30s";
                })
                .settle();
        // Then
        assertThat(LastGood.of(set(cluster))).isPresent();
        // When
        cluster.losePod("events-brokers-1").pass(1).settle();
        // Then
        assertThat(pods(cluster)).hasSize(3).allSatisfy(pod -> assertThat(
                        PodResize.asked(pod).getRequests().get("cpu"))
                .isEqualTo(new Quantity("1")));
        assertThat(cluster.status().conditions)
                .filteredOn(condition -> condition.getType().equals("Stalled"))
                .extracting(condition -> condition.getReason())
                .containsExactly("TrialFailed");
    }

    private static CalmCluster three() {
        var cluster = Specs.cluster("{brokers: {replicas: 3}}");
        cluster.getMetadata().setGeneration(1L);
        var jvm = new Jvm();
        jvm.heap = new Quantity("1Gi");
        cluster.getSpec().brokers.jvm = jvm;
        resources(FIRST).accept(cluster);
        var settled = new CalmCluster(cluster).settle();
        settled.plan().clear();
        return settled;
    }

    private static Consumer<KafkaCluster> resources(String resources) {
        return cluster -> cluster.getSpec().brokers.resources =
                Serialization.unmarshal("--- " + resources, ResourceRequirements.class);
    }

    private static List<Pod> pods(CalmCluster cluster) {
        return cluster.kube.everything(Pod.class);
    }

    private static Map<String, String> uids(CalmCluster cluster) {
        return pods(cluster).stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), pod -> pod.getMetadata()
                        .getUid()));
    }

    private static StatefulSet set(CalmCluster cluster) {
        return cluster.kube.everything(StatefulSet.class).getFirst();
    }

    private static ResourceRequirements template(CalmCluster cluster) {
        return PodResize.resizable(set(cluster)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getResources());
    }
}
