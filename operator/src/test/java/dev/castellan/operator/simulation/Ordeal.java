package dev.castellan.operator.simulation;

import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kube.FakeKube;
import java.util.function.Consumer;

/**
 * Trouble of some lives alone, which their seed names: it takes so much at once that chance hardly ever brings it about. All
 * other lives stay as they are, for nothing is drawn for it.
 */
interface Ordeal {
    /** Each round, after all that happens by chance, and just before the operator looks. */
    void strike(int round);

    /** Whether disks last no longer than their pods. */
    static boolean isEphemeral(long seed) {
        return seed % 40 == 22;
    }

    /** Whether the user is to delete what a quorum cannot do without, when all is done. */
    static boolean deletesLastLog(long seed) {
        return seed % 40 >= 25 && seed % 40 < 30;
    }

    static Ordeal of(long seed, World world) {
        return seed % 1000 == 22 ? new AllFailAgain(world) : round -> {};
    }

    /** What it happens to. */
    record World(
            Scenario scenario,
            FakeKube kube,
            FakeKafka kafka,
            FakeNodes nodes,
            Watchman watchman,
            Consumer<String> note) {}
}
