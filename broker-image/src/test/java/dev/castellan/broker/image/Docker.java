package dev.castellan.broker.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The docker command: what the tests need of it is less than a library would bring along. */
final class Docker {
    private Docker() {}

    static String run(String... arguments) {
        return run(List.of(arguments));
    }

    static String run(List<String> arguments) {
        var command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void runQuietly(String... arguments) {
        try {
            run(arguments);
        } catch (IllegalStateException e) {
            // cleaning up what may not be there
        }
    }
}
