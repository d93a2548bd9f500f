package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.Growth;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.VolumeChanges;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.Optional;

/**
 * A volume of a broker that may grow by itself.
 *
 * @param size that it has, whatever it is asked to have
 * @param used bytes
 * @param fullIn should it go on filling as it did in the last minutes; empty: nobody has looked for long enough
 */
public record GrowingVolume(
        ObservedNode node,
        String name,
        PersistentVolumeClaim claim,
        Growth growth,
        Quantity size,
        long used,
        Optional<Duration> fullIn) {

    /** The size that it is to ask for; empty: it has room enough, or may not grow any further. */
    public Optional<Quantity> next() {
        return growth.next(VolumeChanges.requested(claim), used);
    }

    /** It would grow if it were allowed to. */
    public boolean isStuck() {
        return growth.isStuck(VolumeChanges.requested(claim), used);
    }

    public int usedPercent() {
        return (int) (used * 100.0 / Quantities.bytes(size));
    }

    /** As people call it: volume claim data-events-brokers-2. */
    public String title() {
        return "volume claim " + claim.getMetadata().getName();
    }
}
