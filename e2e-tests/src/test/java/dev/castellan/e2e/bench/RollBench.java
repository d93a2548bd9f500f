package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Rolls;
import dev.castellan.e2e.harness.Scene;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long it takes until a change that needs restarts has reached nine brokers in three zones, and three, all of them controllers
 * too: a zone at a time, and one by one, under records and transactions with acks=all.
 */
@E2E
@Tag("bench")
@Order(4)
class RollBench {
    private static final Figures FIGURES = new Figures(RollBench.class);

    private Rolls rolls;

    @Test
    void threeAndNine(Scene scene) {
        rolls = Rolls.found(scene, 3);
        roll("3 brokers", Bar.atMost(25), Bar.NONE);

        rolls.kafka().edit(spec -> spec.brokers.replicas = 9);
        rolls.kafka().awaitDone();
        roll("9 brokers by zones after a trial", Bar.atMost(60), Bar.atMost(4));

        rolls.oneByOne();
        roll("9 brokers one by one", Bar.NONE, Bar.NONE);
    }

    private void roll(String what, Bar whole, Bar rounds) {
        var rolled = rolls.roll(() -> {});
        tell(what + ": until done and in sync", "s", whole, seconds(rolled.took()));
        tell(what + ": rounds", "", rounds, rolled.rounds());
        tell(
                what + ": pod deleted → Ready, fastest",
                "s",
                seconds(rolled.returns().getFirst()));
        tell(what + ": slowest", "s", seconds(rolled.returns().getLast()));
        tell(
                what + ": wait of a record, p99",
                "s",
                Bar.atMost(1),
                seconds(rolled.records().p99()));
        tell(what + ": longest", "s", seconds(rolled.records().longest()));
        tell(
                what + ": longest of a transaction",
                "s",
                seconds(rolled.transactions().longest()));
    }

    private static void tell(String what, String unit, double value) {
        tell(what, unit, Bar.NONE, value);
    }

    private static void tell(String what, String unit, Bar bar, double value) {
        FIGURES.tell(Figure.single(what, unit, bar, value));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
