package dev.castellan.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.operator.kube.Kube.Applied;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeKubeTest {
    private static final Owner OWNER = new Owner("events", "uid-1");

    private final List<String> writes = new ArrayList<>();
    private final FakeKube kube = new FakeKube(OWNER, new FakeKube.Witness() {
        @Override
        public void afterWrite(String verb, HasMetadata object) {
            writes.add(verb + " " + object.getMetadata().getName());
        }
    });

    @Test
    void writesOnlyWhatDiffers() {
        assertThat(kube.apply(map("a", "1"))).isEqualTo(new Applied.Written());
        assertThat(kube.apply(map("a", "1"))).isEqualTo(new Applied.Unchanged());
        assertThat(kube.apply(map("a", "2"))).isEqualTo(new Applied.Written());
        assertThat(writes).containsExactly("apply a", "apply a");
    }

    @Test
    void leavesAloneWhatIsSomebodyElses() {
        kube.put(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .build());

        assertThat(kube.apply(map("a", "1"))).isEqualTo(new Applied.Foreign("ConfigMap", "a"));
        assertThat(kube.create(map("a", "1"))).isFalse();
        assertThat(kube.list(ConfigMap.class)).isEmpty();
    }

    @Test
    void waitsForWhatIsLeavingWithAnEarlierCluster() {
        kube.apply(map("a", "1"));

        kube.ownedBy(new Owner("events", "uid-2"));

        assertThat(kube.listLive(ConfigMap.class)).isEmpty();
        assertThat(kube.apply(map("a", "1"))).isEqualTo(new Applied.Leaving("ConfigMap", "a"));
    }

    @Test
    void showsTheCacheLate() {
        kube.lag(() -> 2);
        kube.seesOwnWrites(false);
        kube.apply(map("a", "1"));

        assertThat(kube.list(ConfigMap.class)).isEmpty();
        assertThat(kube.listLive(ConfigMap.class)).hasSize(1);
        kube.tick();
        kube.tick();
        assertThat(kube.list(ConfigMap.class)).hasSize(1);
    }

    @Test
    void refusesToDeleteWhatHasChangedSince() {
        kube.put(pod());
        var seen = kube.listLive(Pod.class).getFirst();
        kube.annotate(seen, "a", "b");

        assertThatThrownBy(() -> kube.delete(seen)).hasMessage(FakeKube.GONE);
    }

    @Test
    void endsPodsByAndBy() {
        kube.put(pod());

        kube.delete(kube.listLive(Pod.class).getFirst());

        assertThat(kube.listLive(Pod.class))
                .singleElement()
                .extracting(pod -> pod.getMetadata().getDeletionTimestamp())
                .isNotNull();
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withLabels(Map.of(Labels.CLUSTER, "events"))
                .endMetadata()
                .build();
    }

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Labels.of("events"))
                .withOwnerReferences(OWNER.reference())
                .endMetadata()
                .withData(Map.of("key", value))
                .build();
    }
}
