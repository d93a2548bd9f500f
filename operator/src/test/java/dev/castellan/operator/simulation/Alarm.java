package dev.castellan.operator.simulation;

import dev.castellan.operator.cluster.ClusterLoop.Reconciled;
import dev.castellan.operator.cluster.Wakeups;
import dev.castellan.operator.cluster.plan.Step.Held;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;

/**
 * When the operator looks at its cluster, as in a real process: when something happens to an object that is worth it, when it
 * said that it would, and again after a failure. Who looks each second never misses what nobody wakes it for.
 */
final class Alarm {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 6;

    private boolean isWoken = true;
    private boolean isIdle;
    private Instant due = Instant.MAX;
    private int failures;

    /** An object has changed, come (before is null) or gone (now is null). */
    void changed(HasMetadata now, HasMetadata before) {
        isWoken |= now == null || before == null || Wakeups.of(now, before);
    }

    /** The cluster itself has changed, or the operator starts. */
    void wake() {
        isWoken = true;
    }

    boolean rings(Instant now) {
        return isWoken || !now.isBefore(due);
    }

    /** Nobody wakes it, nor does it expect anything: for what it finds to do now somebody should have. */
    boolean ringsByChance() {
        return !isWoken && isIdle;
    }

    void begins() {
        isWoken = false;
    }

    void ended(Reconciled reconciled, Instant now) {
        failures = 0;
        isIdle = reconciled.recheck().compareTo(IDLE) >= 0 && !(reconciled.step() instanceof Held); // for a window
        due = now.plus(reconciled.recheck());
    }

    void failed(Instant now) {
        isIdle = false;
        due = now.plus(FIRST_RETRY.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS)));
    }
}
