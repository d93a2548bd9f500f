package dev.castellan.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.castellan.broker.disk.DiskState.Barred;
import dev.castellan.broker.disk.DiskState.Full;
import dev.castellan.broker.disk.DiskState.Sound;
import dev.castellan.broker.disk.Disks.Kernel;
import dev.castellan.broker.disk.Disks.Room;
import java.io.IOException;
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
        assumeThat(Path.of("/dev/full"))
                .as("only Linux has a device that is always full")
                .exists();
        // Given
        Files.createSymbolicLink(directory.resolve(".castellan-probe"), Path.of("/dev/full"));

        // When
        var found = Map.of(directory, Disks.look(directory));

        // Then
        long size = Files.getFileStore(directory).getTotalSpace();
        assertThat(Disks.full(found)).isEqualTo(Map.of(directory, size));
        assertThat(Disks.failed(found)).isEmpty();
    }

    /** @param silence why it does not tell its room; null: it does */
    private record Told(String refusal, String silence, long usable) implements Kernel {
        @Override
        public void write(Path directory) throws IOException {
            fail(refusal);
        }

        @Override
        public Room room(Path directory) throws IOException {
            fail(silence);
            return new Room(1_000_000, usable);
        }

        private static void fail(String message) throws IOException {
            if (message != null) {
                throw new IOException(message);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        ",                        ,                  500000, Sound[usable=500000]",
        ",                        ,                  5,      Full[size=1000000]",
        "No space left on device, ,                  5,      Full[size=1000000]",
        "Permission denied,       ,                  500000, Barred[]",
        "Permission denied,       ,                  5,      Full[size=1000000]",
        "Input/output error,      ,                  500000, Failed[why=Input/output error]",
        "Permission denied,       Stale file handle, 0,      Failed[why=Stale file handle]",
        ",                        Stale file handle, 0,      Failed[why=Stale file handle]",
        "Input/output error,      Permission denied, 0,      Failed[why=Input/output error]",
        "No space left on device, Permission denied, 0,      Barred[]" // of no size that another could be told from
    })
    void neitherOfTwoAnswersHidesTheOther(String refusal, String silence, long usable, String state) {
        assertThat(Disks.look(Path.of("/data"), new Told(refusal, silence, usable)))
                .hasToString(state);
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
