package dev.castellan.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.api.KafkaVersions;
import java.util.Map;
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
    void readMetadataOfTheirOwnLevelAndBelow() {
        assertThat(Stream.of("4.10-IV0", "level 99", "4.4-IV10", "4.4-IV2", "4.3-IV0")
                        .sorted(KafkaVersions.BY_LEVEL))
                .containsExactly("4.3-IV0", "4.4-IV2", "4.4-IV10", "4.10-IV0", "level 99");
        assertThat(KafkaVersions.all()).allSatisfy(version -> {
            assertThat(KafkaVersions.reads(version, KafkaVersions.metadataVersion(version)))
                    .isTrue();
            assertThat(KafkaVersions.reads(version, "4.1-IV1")).isTrue();
            assertThat(KafkaVersions.reads(version, "level 99")).isFalse();
        });
    }

    @Test
    void knowTheFeaturesThatComeWithALevel() {
        assertThat(KafkaVersions.features("4.3-IV0")).isEmpty();
        assertThat(KafkaVersions.features("4.4-IV1")).isEmpty();
        assertThat(KafkaVersions.features("4.4-IV2")).containsExactly(Map.entry("share.version", (short) 2));
        assertThat(KafkaVersions.isLevel("4.4-IV2")).isTrue();
        assertThat(KafkaVersions.isLevel("level 99")).isFalse();
    }

    @Test
    void nameWhatIsKnownWhereOneIsNot() {
        assertThat(KafkaVersions.isKnown("3.9.0")).isFalse();
        assertThatThrownBy(() -> KafkaVersions.image("3.9.0"))
                .hasMessageContaining("unknown version 3.9.0; known: ")
                .hasMessageContaining(KafkaVersions.newest());
    }
}
