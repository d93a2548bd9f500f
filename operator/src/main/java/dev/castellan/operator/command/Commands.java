package dev.castellan.operator.command;

import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.topic.manifest.Manifests;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What the operator's image can do besides being the operator. */
@Command(
        name = "castellan",
        description = "Without a command: the operator.",
        subcommands = Commands.Topics.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class Commands {
    /** Commands about topics. */
    @Command(
            name = "topics",
            description = "Topics of a Kafka cluster as files.",
            subcommands = {ImportTopics.class, PlanTopics.class},
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND")
    static final class Topics {}

    /** Held, or the level would be forgotten with it. */
    private static final Logger ROOT = Logger.getLogger("");

    private Commands() {}

    /** Returns the exit code: 0 done; 1 failed, and standard error tells why; 2 wrong arguments. */
    public static int run(String... arguments) {
        ROOT.setLevel(Level.OFF); // standard output is for YAML, and standard error for one sentence
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Commands()).setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println(inOneSentence(e));
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    /** What is nobody's fault but ours is told with all that helps to find it. */
    private static String inOneSentence(Exception e) throws Exception {
        return switch (e) {
            case KafkaUnavailable kafka -> "Kafka: " + kafka.getMessage();
            case KafkaRejected kafka -> "Kafka: " + kafka.getMessage();
            case KubernetesClientException kubernetes -> "Kubernetes: " + kubernetes.getMessage();
            case Manifests.Unreadable manifest -> manifest.getMessage();
            default -> throw e;
        };
    }
}
