package dev.castellan.broker.disk;

import dev.castellan.broker.disk.DiskState.Full;
import dev.castellan.broker.disk.DiskState.RoomAgain;
import dev.castellan.broker.disk.DiskState.Sound;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Remembers which disks were full, for as long as this process lives: no shorter and no longer does Kafka do without them, whatever room
 * there is since. Who restarts a node for that cannot do it twice.
 */
final class Shortages {
    private final Function<Path, DiskState> look;
    private final Set<Path> full = ConcurrentHashMap.newKeySet();

    Shortages(Function<Path, DiskState> look) {
        this.look = look;
    }

    DiskState look(Path directory) {
        var found = look.apply(directory);
        if (found instanceof Full) {
            full.add(directory);
        }
        return found instanceof Sound(long usable) && full.contains(directory) ? new RoomAgain(usable) : found;
    }
}
