package dev.castellan.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** `kubectl explain` is the manual: no field of ours is without a word. */
class DescriptionsTest {
    /** Below these come Kubernetes' own types. */
    private static final Set<String> OF_KUBERNETES = Set.of(
            "metadata", "resources", "affinity", "tolerations", "topologySpreadConstraints", "imagePullSecrets", "env");

    @Test
    void areThereForEveryField() {
        var silent = new ArrayList<String>();
        GeneratedCrds.byName()
                .forEach((name, crd) -> collectSilent(name, crd.at("/spec/versions/0/schema/openAPIV3Schema"), silent));
        assertThat(silent).isEmpty();
    }

    private static void collectSilent(String path, JsonNode schema, List<String> silent) {
        schema.path("properties").properties().forEach(field -> {
            String here = path + "." + field.getKey();
            if (!field.getKey().equals("metadata")
                    && field.getValue().path("description").asText().isBlank()) {
                silent.add(here);
            }
            if (!OF_KUBERNETES.contains(field.getKey())) {
                collectSilent(here, field.getValue(), silent);
            }
        });
        if (schema.has("items")) {
            collectSilent(path + "[]", schema.path("items"), silent);
        }
    }
}
