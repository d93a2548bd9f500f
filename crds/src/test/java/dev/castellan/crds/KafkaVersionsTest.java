package dev.castellan.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.api.KafkaVersions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KafkaVersionsTest {
    @Test
    void areOrderedByNumber() {
        assertThat(Stream.of("4.10.0", "4.9.1", "4.2", "4.2.1").sorted(KafkaVersions.BY_NUMBER))
                .containsExactly("4.2", "4.2.1", "4.9.1", "4.10.0");
        assertThat(KafkaVersions.all())
                .isSortedAccordingTo(KafkaVersions.BY_NUMBER)
                .endsWith(KafkaVersions.newest());
    }

    @Test
    void haveAnImageAndAFeatureLevelEach() {
        assertThat(KafkaVersions.all()).allSatisfy(version -> {
            assertThat(KafkaVersions.image(version))
                    .startsWith("castellan/kafka:")
                    .endsWith("-" + version);
            assertThat(KafkaVersions.metadataVersion(version)).startsWith(version.substring(0, 3) + "-IV");
        });
    }

    @Test
    void nameWhatIsKnownWhereOneIsNot() {
        assertThat(KafkaVersions.isKnown("3.9.0")).isFalse();
        assertThatThrownBy(() -> KafkaVersions.image("3.9.0"))
                .hasMessageContaining("unknown version 3.9.0; known: ")
                .hasMessageContaining(KafkaVersions.newest());
    }
}
