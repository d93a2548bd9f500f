package dev.castellan.broker;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration that the operator's golden files hold is one that Kafka starts with, in each role. */
class OperatorsConfigurationTest {
    private static final Path GOLDEN = Path.of("../operator/src/test/resources/golden/cluster");
    private static final String FILE = "  server.properties: |\n";

    static Stream<Path> configurations() throws IOException {
        try (var files = Files.walk(GOLDEN)) {
            return files.filter(OperatorsConfigurationTest::isConfiguration).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void isAcceptedByKafka(Path golden) throws IOException {
        // Given
        var shared = serverProperties(golden);

        // When
        var alone = NodeConfig.of(shared, identity(Set.of()), new NodeEnvironment("events-brokers-7", 7, "10.0.0.7"));
        var combined =
                NodeConfig.of(shared, identity(Set.of(7)), new NodeEnvironment("events-brokers-7", 7, "10.0.0.7"));

        // Then
        assertThatCode(() -> KafkaConfig.fromProps(properties(alone))).doesNotThrowAnyException();
        assertThatCode(() -> KafkaConfig.fromProps(properties(combined))).doesNotThrowAnyException();
    }

    private static Identity identity(Set<Integer> controllers) {
        return new Identity("cluster", false, controllers, "", Optional.empty());
    }

    private static boolean isConfiguration(Path file) {
        var name = file.getFileName().toString();
        return name.startsWith("out-ConfigMap-") && !name.endsWith("-identity.yaml");
    }

    private static Map<String, String> serverProperties(Path golden) throws IOException {
        var text = Files.readString(golden);
        var properties = new Properties();
        properties.load(new StringReader(text.substring(text.indexOf(FILE) + FILE.length())));
        var values = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }

    private static Properties properties(NodeConfig config) {
        var properties = new Properties();
        properties.putAll(config.kafka());
        return properties;
    }
}
