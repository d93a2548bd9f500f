package dev.castellan.operator.command;

import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
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
            subcommands = ImportTopics.class,
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
            if (!(e instanceof KafkaUnavailable || e instanceof KafkaRejected)) {
                throw e;
            }
            command.getErr().println("Kafka: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
    }
}
