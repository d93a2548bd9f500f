package dev.castellan.broker.agent;

import dev.castellan.broker.agent.NodeFacts.Phase;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether only a restart can help.
 *
 * <p>Two cases: the server has ended but the process has not, and threads have been waiting for each other for a minute. Whatever has
 * its cause elsewhere (a quorum without majority, a full disk, a long recovery, a slow start) would be made worse by a restart.
 */
final class Liveness {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Set<Long> deadlocked = Set.of();
    private Instant deadlockedSince = Instant.MAX;
    private Instant endedSince = Instant.MAX;

    /** What is wrong beyond repair; empty while the node should be left alone. */
    synchronized String complaint(Phase phase, Instant now) {
        return complaint(phase, deadlockedThreads(), now);
    }

    String complaint(Phase phase, Set<Long> threads, Instant now) {
        endedSince = phase != Phase.ENDED ? Instant.MAX : earlier(endedSince, now);
        boolean sameThreads = !threads.isEmpty() && threads.containsAll(deadlocked) && !deadlocked.isEmpty();
        deadlockedSince = threads.isEmpty() ? Instant.MAX : sameThreads ? deadlockedSince : now;
        deadlocked = threads;
        if (isOver(endedSince, now)) {
            return "Kafka's server has ended, but the process has not";
        }
        return isOver(deadlockedSince, now) ? threads.size() + " threads are deadlocked" : "";
    }

    private static boolean isOver(Instant since, Instant now) {
        return since != Instant.MAX && !since.plus(PATIENCE).isAfter(now);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Set<Long> deadlockedThreads() {
        long[] ids = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        return ids == null ? Set.of() : Arrays.stream(ids).boxed().collect(Collectors.toUnmodifiableSet());
    }
}
