package dev.castellan.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KnownMatchesTest {
    private final KnownMatches known = new KnownMatches();
    private final AtomicInteger compared = new AtomicInteger();

    @Test
    void theSameStateIsComparedWithTheSameWishOnce() {
        assertThat(matches("1", "a", true)).isTrue();
        assertThat(matches("1", "a", true)).isTrue();

        assertThat(compared).hasValue(1);
    }

    @Test
    void aNewStateIsComparedAgain() {
        matches("1", "a", true);

        assertThat(matches("2", "a", false)).isFalse();
    }

    @Test
    void aNewWishIsComparedAgain() {
        matches("1", "a", true);

        assertThat(matches("1", "b", false)).isFalse();
    }

    @Test
    void aDifferenceIsNotRemembered() {
        matches("1", "a", false);

        assertThat(matches("1", "a", true)).isTrue();
        assertThat(compared).hasValue(2);
    }

    private boolean matches(String version, String wish, boolean answer) {
        return known.matches(object(version, "x"), object(null, wish), () -> {
            compared.incrementAndGet();
            return answer;
        });
    }

    private static ConfigMap object(String version, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("config")
                .withUid("uid")
                .withResourceVersion(version)
                .endMetadata()
                .addToData("key", value)
                .build();
    }
}
