package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.KafkaVersions;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What this project says of Kafka's features, by Kafka's own word. */
class FeaturesTest {
    private static final MetadataVersion OLDEST = level(KafkaVersions.all().getFirst());

    static Iterable<String> versions() {
        return KafkaVersions.all();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void riseAsThoseOfANewClusterDo(String version) {
        assertThat(KafkaVersions.features(KafkaVersions.metadataVersion(version)))
                .isEqualTo(risen(level(version)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void haveKafkasNumbers(String version) {
        assertThat(MetadataVersions.levelOf(KafkaVersions.metadataVersion(version)))
                .isEqualTo(level(version).featureLevel());
    }

    private static Map<String, Short> risen(MetadataVersion level) {
        var risen = new TreeMap<String, Short>();
        for (var feature : Feature.PRODUCTION_FEATURES) {
            if (feature.defaultLevel(level) > feature.defaultLevel(OLDEST)) {
                risen.put(feature.featureName(), feature.defaultLevel(level));
            }
        }
        return risen;
    }

    private static MetadataVersion level(String version) {
        return MetadataVersion.fromVersionString(KafkaVersions.metadataVersion(version), false);
    }
}
