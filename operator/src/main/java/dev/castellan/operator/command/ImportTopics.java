package dev.castellan.operator.command;

import dev.castellan.api.v1beta1.KafkaTopicSpec.ClusterRef;
import dev.castellan.operator.kafka.ApacheKafkaAdmin;
import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.topic.manifest.TopicManifests;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a cluster's topics as KafkaTopics, ready to be committed. */
@Command(
        name = "import",
        description =
                "Writes the topics of a Kafka cluster as KafkaTopics (YAML) to standard output. Applying them changes"
                        + " nothing in Kafka. Kafka's own topics are left out.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class ImportTopics implements Callable<Integer> {
    private final Function<String, KafkaAdmin> connect;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--bootstrap-server",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Where Kafka answers.")
    private String bootstrap;

    @Option(names = "--cluster", required = true, paramLabel = "NAME", description = "Name of the KafkaCluster.")
    private String cluster;

    @Option(
            names = "--cluster-namespace",
            paramLabel = "NAMESPACE",
            description = "Namespace of the KafkaCluster, if KafkaTopics are to be in another one.")
    private String clusterNamespace;

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "Namespace of the KafkaTopics. Default: none is written, so that kubectl -n decides.")
    private Optional<String> namespace;

    @Option(
            names = "--topics",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Only topics whose whole name matches.")
    private Pattern topics;

    ImportTopics() {
        this(ApacheKafkaAdmin::connect);
    }

    ImportTopics(Function<String, KafkaAdmin> connect) {
        this.connect = connect;
    }

    @Override
    public Integer call() {
        var out = command.commandLine().getOut();
        try (var kafka = connect.apply(bootstrap)) {
            var names = kafka.topics().stream()
                    .map(TopicPartitions::name)
                    .filter(name -> topics.matcher(name).matches())
                    .toList();
            var manifests = TopicManifests.of(kafka.describe(names).values(), clusterRef(), namespace);
            out.println("# Topics of KafkaCluster " + cluster + " as they are: " + manifests.size());
            manifests.forEach(manifest -> out.print(Serialization.asYaml(manifest)));
            out.flush();
            return CommandLine.ExitCode.OK;
        }
    }

    private ClusterRef clusterRef() {
        var ref = new ClusterRef();
        ref.name = cluster;
        ref.namespace = clusterNamespace;
        return ref;
    }
}
