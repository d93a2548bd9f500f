package dev.castellan.operator.command;

import static java.util.stream.Collectors.toCollection;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.kafka.ApacheKafkaAdmin;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.topic.forecast.TopicForecast;
import dev.castellan.operator.topic.forecast.TopicForecast.Outlook;
import dev.castellan.operator.topic.manifest.Manifests;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.ClusterFacts.Formed;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicTerms;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what applying KafkaTopics would change in Kafka, and changes nothing. */
@Command(
        name = "plan",
        description = "Tells what applying KafkaTopics would change in Kafka, and changes nothing anywhere.",
        footer = {
            "",
            "Exit code: 0 nothing would change; 3 something would; 1 something would be refused or could not be"
                    + " decided, or failed; 2 wrong arguments."
        },
        mixinStandardHelpOptions = true)
final class PlanTopics implements Callable<Integer> {
    static final int CHANGES = 3;

    private static final Path STANDARD_INPUT = Path.of("-");

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML or JSON files with KafkaTopics, or folders of such files; - is standard input, as from"
                    + " kustomize build. A KafkaCluster among them counts in place of the one that is there. All else is"
                    + " passed over.")
    private List<Path> files;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "Where Kafka answers. Default: what the KafkaCluster's status tells.")
    private Optional<String> bootstrap;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of what names none. Default: the one of the kubeconfig's context, or default.")
    private Optional<String> namespace;

    @Option(
            names = "--prune",
            description = "KafkaTopics that are there, in the namespaces of those in the files, and of their clusters,"
                    + " but not in the files, would be deleted, as GitOps tools do.")
    private boolean prune;

    @Option(
            names = "--without-kubernetes",
            description = "Go by the files and Kafka alone. Not known then: KafkaTopics that are there, and what only"
                    + " their status tells: which properties a KafkaTopic has set, and may take away, and which topic"
                    + " was its own.")
    private boolean withoutKubernetes;

    @Override
    public Integer call() throws IOException {
        try (var kubernetes = withoutKubernetes ? Declarations.none() : Declarations.inKubernetes()) {
            var manifests = new Manifests(namespace.orElseGet(kubernetes::namespace));
            for (var file : files) {
                if (file.equals(STANDARD_INPUT)) {
                    manifests.read(System.in, "standard input");
                } else {
                    manifests.read(file);
                }
            }
            var outlooks = new ArrayList<Outlook>();
            for (var cluster : clusters(manifests)) {
                outlooks.addAll(outlooks(cluster, manifests, kubernetes));
            }
            return tell(outlooks);
        }
    }

    private static TreeSet<ClusterKey> clusters(Manifests manifests) {
        return manifests.topics().stream()
                .flatMap(topic -> TopicSpec.clusterOf(topic).stream())
                .collect(toCollection(() -> new TreeSet<>(
                        Comparator.comparing(ClusterKey::namespace).thenComparing(ClusterKey::name))));
    }

    private List<Outlook> outlooks(ClusterKey key, Manifests manifests, Declarations kubernetes) {
        var topics = manifests.topics().stream()
                .filter(topic -> TopicSpec.clusterOf(topic).equals(Optional.of(key)))
                .toList();
        var namespaces = new TreeSet<String>();
        topics.forEach(topic -> namespaces.add(topic.getMetadata().getNamespace()));
        var live = kubernetes.cluster(key);
        var terms = manifests.clusters().stream()
                .filter(cluster -> isNamed(cluster, key))
                .findFirst()
                .or(() -> live)
                .map(TopicTerms::of)
                .orElseGet(() -> TopicTerms.none(key.namespace()));
        try (var kafka = ApacheKafkaAdmin.connect(bootstrap(key, live))) {
            var facts = live.map(ClusterFacts::of)
                    .orElseGet(
                            () -> new Formed(kafka.clusterId(), kafka.brokers().size(), true, ""));
            return TopicForecast.of(
                    key,
                    facts,
                    terms,
                    kubernetes.topics(key, namespaces),
                    topics,
                    prune,
                    kafka,
                    kafka.trial(),
                    Clock.systemUTC().instant());
        }
    }

    private static boolean isNamed(KafkaCluster cluster, ClusterKey key) {
        return cluster.getMetadata().getNamespace().equals(key.namespace())
                && cluster.getMetadata().getName().equals(key.name());
    }

    private String bootstrap(ClusterKey key, Optional<KafkaCluster> live) {
        return bootstrap
                .or(() -> live.map(KafkaCluster::getStatus)
                        .map(status -> status.listeners)
                        .flatMap(listeners -> listeners.stream().findFirst())
                        .map(listener -> listener.bootstrap))
                .orElseThrow(() -> new CommandLine.ParameterException(
                        command.commandLine(),
                        "KafkaCluster " + key.namespace() + "/" + key.name()
                                + (withoutKubernetes ? " is not asked" : " is not there, or tells no address yet")
                                + ": say with --bootstrap-server where Kafka answers"));
    }

    private int tell(List<Outlook> outlooks) {
        var out = command.commandLine().getOut();
        outlooks.forEach(outlook -> tell(outlook, out));
        long problems =
                outlooks.stream().filter(one -> one.problem().isPresent()).count();
        long changed = outlooks.stream().filter(one -> !one.changes().isEmpty()).count();
        out.printf(
                "%d KafkaTopics: %d would change something, %d would not come to be as declared%n",
                outlooks.size(), changed, problems);
        out.flush();
        return problems > 0 ? CommandLine.ExitCode.SOFTWARE : changed > 0 ? CHANGES : CommandLine.ExitCode.OK;
    }

    private static void tell(Outlook outlook, PrintWriter out) {
        if (outlook.changes().isEmpty() && outlook.problem().isEmpty()) {
            return;
        }
        var ref = outlook.ref();
        out.println("KafkaTopic " + ref.namespace() + "/" + ref.name()
                + (ref.name().equals(outlook.topicName()) ? "" : ", topic " + outlook.topicName()));
        outlook.changes().forEach(change -> out.println("  " + change));
        outlook.problem().ifPresent(problem -> out.println("  ! " + problem));
    }
}
