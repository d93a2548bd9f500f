package dev.castellan.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.broker.disk.DiskState.Barred;
import dev.castellan.broker.disk.DiskState.Failed;
import dev.castellan.broker.disk.DiskState.Full;
import dev.castellan.broker.disk.DiskState.RoomAgain;
import dev.castellan.broker.disk.DiskState.Sound;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShortagesTest {
    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/b");

    private final Map<Path, DiskState> disks = new HashMap<>(Map.of(A, new Sound(500), B, new Sound(500)));
    private final Shortages shortages = new Shortages(disks::get);

    @Test
    void whatWasNeverFullIsSound() {
        assertThat(shortages.look(A)).isEqualTo(new Sound(500));
    }

    @Test
    void whatWasFullIsKnownForItHoweverOftenItIsLookedAt() {
        // Given
        disks.put(A, new Full(1_000));
        assertThat(shortages.look(A)).isEqualTo(new Full(1_000));

        // When
        disks.put(A, new Sound(250));

        // Then
        assertThat(shortages.look(A)).isEqualTo(new RoomAgain(250));
        assertThat(shortages.look(A)).isEqualTo(new RoomAgain(250));
        assertThat(shortages.look(B)).isEqualTo(new Sound(500));
    }

    /** Nobody knows whether there is room, or of what use it would be. */
    @Test
    void noMoreThanThatIsSaidOfWhatCannotBeWrittenTo() {
        // Given
        disks.put(A, new Full(1_000));
        shortages.look(A);

        // When
        disks.put(A, new Barred());
        disks.put(B, new Failed("Input/output error"));

        // Then
        assertThat(shortages.look(A)).isEqualTo(new Barred());
        assertThat(shortages.look(B)).isEqualTo(new Failed("Input/output error"));
    }
}
