package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of an upgrade, in a real Kafka whose disk was formatted by the version before. */
class ApacheKafkaFeaturesKafkaIT {
    @Test
    void finalisesWhatANewClusterOfTheVersionHasAndNeverTakesItBack(@TempDir Path olds, @TempDir Path news) {
        try (var older = KafkaNodes.start(1, olds, "4.3-IV0");
                var admin = ApacheKafkaAdmin.connect(older.bootstrap())) {
            assertThat(admin.metadataVersion()).isEqualTo("4.3-IV0");

            admin.finaliseMetadataVersion("4.4-IV2", true);
            assertThat(admin.metadataVersion()).isEqualTo("4.3-IV0");

            admin.finaliseMetadataVersion("4.4-IV2", false);
            KafkaNodes.await(
                    () -> admin.metadataVersion().equals("4.4-IV2")); // the controller knows it before the broker
            admin.finaliseMetadataVersion("4.4-IV2", false);
            assertThatThrownBy(() -> admin.finaliseMetadataVersion("4.3-IV0", true))
                    .isInstanceOf(KafkaRejected.class)
                    .hasMessageContaining("finalise metadata.version 4.3-IV0");
            try (var newer = KafkaNodes.start(1, news)) {
                assertThat(features(older)).isEqualTo(features(newer));
            }
        }
    }

    private static Map<String, Short> features(KafkaNodes nodes) {
        try (var client = Admin.create(Map.of("bootstrap.servers", nodes.bootstrap()))) {
            var finalised = client.describeFeatures().featureMetadata().get().finalizedFeatures();
            var features = new HashMap<String, Short>();
            finalised.forEach((feature, range) -> features.put(feature, range.maxVersionLevel()));
            return features;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
