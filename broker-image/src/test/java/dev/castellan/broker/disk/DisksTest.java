package dev.castellan.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisksTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Input/output error",
                "/var/lib/kafka/data/kafka-log/.castellan-probe: Read-only file system",
                "/var/lib/kafka/data/kafka-log: No such device or address"
            })
    void aDeviceThatIsBrokenOrGoneHasFailed(String message) {
        assertThat(Disks.failure(message)).isPresent();
    }

    /** Another disk would be as full, or as forbidden. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "/data: Disk quota exceeded",
                "/data/.castellan-probe",
                "/data: Operation not permitted",
                "/Input/output error/data: Permission denied"
            })
    void whatIsFullOrForbiddenHasNot(String message) {
        assertThat(Disks.failure(message)).isEmpty();
    }

    @Test
    void aNewDiskIsMadeADirectoryAndLeftEmpty(@TempDir Path mount) {
        // Given
        var directory = mount.resolve("kafka-log");

        // When, then
        assertThat(Disks.failure(directory)).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    /** Whatever it is, it is no device that breaks. */
    @Test
    void aDirectoryThatIsAFileHasNotFailed(@TempDir Path mount) throws Exception {
        // Given
        var file = Files.createFile(mount.resolve("kafka-log"));

        // When, then
        assertThat(Disks.failure(file)).isEmpty();
    }
}
