package dev.castellan.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.broker.disk.DiskState.Full;
import dev.castellan.broker.disk.Looks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastWordsTest {
    private static final Path A = Path.of("/var/lib/kafka/a/kafka-log");
    private static final Path B = Path.of("/var/lib/kafka/b/kafka-log");

    private Path file;
    private LastWords words;

    @BeforeEach
    void make(@TempDir Path folder) throws Exception {
        file = Files.createFile(folder.resolve("termination-log"));
        words = new LastWords(file);
    }

    /** Kafka halts the JVM, and asks nobody. */
    @Test
    void aFullDiskIsToldAheadOfTheEnd() {
        // When
        words.full(new TreeMap<>(Map.of(A, 1_000L, B, 2_000L)));

        // Then
        assertThat(file)
                .hasContent("FULL: disk /var/lib/kafka/a/kafka-log is full: 1000 bytes\n"
                        + "FULL: disk /var/lib/kafka/b/kafka-log is full: 2000 bytes");
    }

    /** By the look that finds it, and not only by the next one, which may come too late. */
    @Test
    void aDiskThatIsFoundFullIsToldAtOnce() {
        // When
        words.look(new Looks<>(List.of(A), directory -> new Full(1_000)));

        // Then
        assertThat(file).hasContent("FULL: disk /var/lib/kafka/a/kafka-log is full: 1000 bytes");
    }

    /** The last line is what people are shown. */
    @Test
    void theReasonOfTheEndIsToldBesides() {
        // Given
        words.full(Map.of(A, 1_000L));

        // When
        words.reason("FATAL: Kafka's server ended by itself; its reason is in the log above");

        // Then
        assertThat(file)
                .hasContent("FATAL: Kafka's server ended by itself; its reason is in the log above\n"
                        + "FULL: disk /var/lib/kafka/a/kafka-log is full: 1000 bytes");
    }

    /** Or it would be told of an end that has nothing to do with it; Kubernetes takes the end of the log then. */
    @Test
    void aDiskThatHasRoomAgainIsToldNoMore() {
        // Given
        words.full(Map.of(A, 1_000L));

        // When
        words.full(Map.of());

        // Then
        assertThat(file).isEmptyFile();
    }

    @Test
    void whereNobodyAsksNothingIsLeft() throws Exception {
        // Given
        Files.delete(file);

        // When
        words.reason("FATAL: nothing");

        // Then
        assertThat(file).doesNotExist();
    }
}
