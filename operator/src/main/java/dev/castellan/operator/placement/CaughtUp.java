package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.Quorum;

/** Which copies of the metadata log are alive. Unknown is not alive, and not dead either. */
public final class CaughtUp {
    /** An idle leader writes twice a second, so a live replica is never further behind; a dead one soon is. */
    private static final long ALIVE_MILLIS = 3_000;

    private CaughtUp() {}

    public static boolean isAlive(Quorum.Replica replica) {
        return replica.behindMillis() >= 0 && replica.behindMillis() <= ALIVE_MILLIS;
    }

    public static long aliveVoters(Quorum quorum) {
        return quorum.voters().stream().filter(CaughtUp::isAlive).count();
    }

    public static int majorityOf(int voters) {
        return voters / 2 + 1;
    }
}
