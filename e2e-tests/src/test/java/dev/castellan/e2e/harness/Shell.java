package dev.castellan.e2e.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this machine. */
public final class Shell {
    private Shell() {}

    /** What the program printed; a failure carries all that it said. */
    public static String run(Path folder, Duration patience, String... command) {
        return run(folder, patience, Map.of(), "", command);
    }

    public static String run(
            Path folder, Duration patience, Map<String, String> environment, String input, String... command) {
        try {
            var log = Files.createTempFile("e2e", ".log");
            var errors = Files.createTempFile("e2e", ".err");
            try {
                var builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(log.toFile())
                        .redirectError(errors.toFile());
                builder.environment().putAll(environment);
                var process = builder.start();
                try (var stdin = process.outputWriter(UTF_8)) {
                    stdin.write(input);
                }
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("%s took longer than %s%n%s%n%s"
                            .formatted(List.of(command), patience, text(log), text(errors)));
                }
                if (process.exitValue() != 0) {
                    throw new IllegalStateException("%s ended with %d%n%s%n%s"
                            .formatted(List.of(command), process.exitValue(), text(log), text(errors)));
                }
                return text(log).strip();
            } finally {
                Files.delete(log);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, UTF_8);
    }
}
