package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.KafkaVersions;
import java.io.IOException;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.junit.jupiter.api.Test;

class DynamicKeysTest {
    private static final String NEWEST = KafkaVersions.newest();

    /** The file itself is read with config.providers; the quotas of replication are no properties of a file. */
    @Test
    void listsWhatTheNewestKafkaTakesForTheWholeCluster() throws IOException {
        assertThat(versionOfTheClasses()).isEqualTo(NEWEST);
        var defined = AbstractKafkaConfig.CONFIG_DEF.configKeys();
        var expected = new TreeMap<String, String>();
        DynamicBrokerConfig.dynamicConfigUpdateModes().forEach((key, mode) -> {
            if (mode.equals("cluster-wide") && defined.containsKey(key) && !key.equals("config.providers")) {
                expected.put(key, String.valueOf(fallback(defined.get(key))));
            }
        });

        assertThat(DynamicKeys.all().stream()
                        .filter(key -> DynamicKeys.isDynamic(NEWEST, key))
                        .collect(Collectors.toMap(
                                key -> key, key -> DynamicKeys.defaultOf(key).orElse("null"))))
                .containsExactlyInAnyOrderEntriesOf(expected);
    }

    private static String versionOfTheClasses() throws IOException {
        var properties = new Properties();
        try (var in = ConfigDef.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    private static String fallback(ConfigDef.ConfigKey key) {
        return ConfigDef.convertToString(key.defaultValue, key.type);
    }

    @Test
    void knowsWhatOnlyANewerKafkaTakes() {
        assertThat(DynamicKeys.isDynamic("4.4.0", "max.decompressed.message.bytes"))
                .isTrue();
        assertThat(DynamicKeys.isDynamic("4.3.1", "max.decompressed.message.bytes"))
                .isFalse();
        assertThat(DynamicKeys.isDynamic("4.2.1", "num.io.threads")).isTrue();
        assertThat(DynamicKeys.isDynamic("4.4.0", "log.retention.hours")).isFalse();
        assertThat(DynamicKeys.isDynamic("", "num.io.threads")).isFalse();
    }

    @Test
    void leavesToTheFilesWhatDiffersFromNodeToNode() {
        assertThat(DynamicKeys.isDynamic("4.4.0", "metric.reporters", "${env:REPORTER}"))
                .isFalse();
        assertThat(DynamicKeys.canChange("4.4.0", "num.io.threads", "8", "${env:THREADS}"))
                .isFalse();
    }

    @Test
    void takesAwayOnlyWhatHasADefaultToSetInItsPlace() {
        assertThat(DynamicKeys.canChange("4.4.0", "num.io.threads", "16", null)).isTrue();
        assertThat(DynamicKeys.canChange("4.4.0", "log.retention.ms", null, "1"))
                .isTrue();
        assertThat(DynamicKeys.canChange("4.4.0", "log.retention.ms", "1", null))
                .isFalse();
    }
}
