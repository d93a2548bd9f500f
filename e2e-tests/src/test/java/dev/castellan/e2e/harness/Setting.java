package dev.castellan.e2e.harness;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;

/** What the build, or whoever starts the suite, decides about a run. */
final class Setting {
    /** The repository, and where a run leaves its logs, recordings and dumps. */
    static final Path ROOT =
            Path.of(given("e2e.root").orElse("..")).toAbsolutePath().normalize();

    static final Path OUTPUT = Path.of(given("e2e.output").orElse("target/e2e")).toAbsolutePath();
    static final String VERSION = given("castellan.version").orElse("0.1.0");
    static final String KAFKA_VERSION = given("kafka.version").orElse("4.4.0");

    /** Where the images come from, if the nodes do not hold them already: for clusters that are not the suite's own. */
    static final String REGISTRY = given("e2e.registry").orElse("");

    /** How the clients' JVM compiles: for a quick start, unless the build says otherwise. */
    static final String CLIENT_COMPILER = given("e2e.clientCompiler").orElse("-XX:TieredStopAtLevel=1");

    /** In bytes. Each suite takes up to 8 GiB; Maven, and whatever else runs here, need the rest. */
    private static final long ROOM_FOR_TWO_SUITES = 20L << 30;

    private Setting() {}

    /** The image of the suite's own nodes; found out by the test cluster's scripts where nobody says. */
    static Optional<String> nodeImage() {
        return given("e2e.nodeImage");
    }

    /** A Kubernetes that is there already, in place of one of our own. */
    static Optional<String> kubeconfig() {
        return Optional.ofNullable(System.getenv("KUBECONFIG")).filter(path -> !path.isBlank());
    }

    /** How many Kubernetes of our own may run at a time: two where the machine has room for them, unless somebody says otherwise. */
    static int mostSuites() {
        return kubeconfig().isPresent()
                ? 1
                : given("e2e.suites").map(Integer::valueOf).orElse(memory() < ROOM_FOR_TWO_SUITES ? 1 : 2);
    }

    /** In bytes: what this process may see of the machine. */
    private static long memory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    static String operatorImage() {
        return "castellan/operator:" + VERSION;
    }

    static String kafkaImage() {
        return kafkaImage(KAFKA_VERSION);
    }

    static String kafkaImage(String kafkaVersion) {
        return "castellan/kafka:" + VERSION + "-" + kafkaVersion;
    }

    private static Optional<String> given(String property) {
        return Optional.ofNullable(System.getProperty(property)).filter(value -> !value.isBlank());
    }
}
