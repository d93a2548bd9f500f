package dev.castellan.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.broker.disk.DiskState.Barred;
import dev.castellan.broker.disk.DiskState.Full;
import dev.castellan.broker.disk.DiskState.Sound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(Disks.look(directory)).isInstanceOf(Sound.class);
        assertThat(directory).isEmptyDirectory();
    }

    /** By the kernel's own word for it. */
    @Test
    void aDiskWithoutRoomIsFull(@TempDir Path directory) throws Exception {
        // Given
        Files.createSymbolicLink(directory.resolve(".castellan-probe"), Path.of("/dev/full"));

        // When
        var found = Map.of(directory, Disks.look(directory));

        // Then
        long size = Files.getFileStore(directory).getTotalSpace();
        assertThat(Disks.full(found)).isEqualTo(Map.of(directory, size));
        assertThat(Disks.failed(found)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "/data: Disk quota exceeded"})
    void aQuotaIsAsGoodAsADisk(String message) {
        assertThat(Disks.isWithoutRoom(message)).isTrue();
    }

    /** Kafka cuts off what it wrote last, and does not come up for all that. */
    @ParameterizedTest
    @CsvSource({
        "1000000000000, 0, true",
        "1000000000000, 16000000, true",
        "1000000000000, 17000000, false",
        "500000000, 4999999, true",
        "500000000, 5000000, false",
        "0, 0, false" // it does not tell
    })
    void aDiskWithLittleRoomIsAsGoodAsFull(long size, long usable, boolean isFull) {
        assertThat(Disks.state(size, usable)).isEqualTo(isFull ? new Full(size) : new Sound(usable));
    }

    /** Whatever it is, it is no device that breaks. */
    @Test
    void aDirectoryThatIsAFileHasNotFailed(@TempDir Path mount) throws Exception {
        // Given
        var file = Files.createFile(mount.resolve("kafka-log"));

        // When, then
        assertThat(Disks.look(file)).isEqualTo(new Barred());
    }
}
