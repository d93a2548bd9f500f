package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.FullDisk;
import dev.castellan.operator.cluster.observe.GrowingVolume;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.plan.Step.Wait;
import java.time.Duration;
import java.util.Optional;

/** A node whose disk is full stays down until it has more room; where that does not come by itself, the user is told how to give it. */
public final class FullRules {
    /** A pod's changes wake us, and a spec's. */
    private static final Duration RECHECK = Duration.ofSeconds(30);

    private FullRules() {}

    static Optional<Wait> tell(Intent intent, ObservedCluster observed) {
        return observed.fullDisks().stream().findFirst().map(disk -> new Wait(words(disk, observed), RECHECK));
    }

    /** What is wrong, and the cure. */
    public static String words(FullDisk disk, ObservedCluster observed) {
        return "disk %s of %s keeps it down: %s"
                .formatted(disk.words(), disk.node().title(), cure(disk, observed));
    }

    private static String cure(FullDisk disk, ObservedCluster observed) {
        var growing = observed.growing().stream()
                .filter(volume -> volume.claim().equals(disk.claim()))
                .findFirst();
        return growing.filter(GrowingVolume::isStuck)
                .map(volume -> "it may not become larger than storage.autoGrow.max %s: raise max"
                        .formatted(volume.growth().max()))
                .or(() -> Optional.ofNullable(observed.refusedGrowth().get(disk.volumes())))
                .or(() -> growing.map(volume -> "it grows by itself"))
                .orElseGet(() -> declare(disk));
    }

    private static String declare(FullDisk disk) {
        return disk.node().set().isUndeclared()
                ? "put pool %s back, with more than %s for it"
                        .formatted(disk.node().set().pool(), disk.size())
                : "declare more than %s for it in storage".formatted(disk.size());
    }
}
