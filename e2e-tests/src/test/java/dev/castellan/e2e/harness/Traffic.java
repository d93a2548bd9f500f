package dev.castellan.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Steady traffic through a Kafka cluster, and the proof that no acknowledged record is lost, doubled or out of order. */
public final class Traffic {
    private static final int PARTITIONS = 3;
    private static final int SIZE = 80;

    private final ClientPod clients;
    private final Map<String, String> run;
    private final Totals totals;
    private long acknowledged;
    private boolean paused;
    private boolean stopped;

    private Traffic(ClientPod clients, String name, Totals totals) {
        this.clients = clients;
        this.run = Map.of("run", name);
        this.totals = totals;
    }

    /** Single records. Begins at once, and keeps on trying until the cluster is there. */
    static Traffic start(ClientPod clients, String name, String bootstrap, Totals totals) {
        return start(clients, name, bootstrap, totals, PARTITIONS, SIZE);
    }

    /** @param size of each record, in bytes */
    static Traffic start(ClientPod clients, String name, String bootstrap, Totals totals, int partitions, int size) {
        return new Traffic(clients, name, totals).start("start", bootstrap, "e2e-traffic", 100, partitions, size);
    }

    /** The same in transactions, some of which are given up; none may fail. */
    static Traffic startTransactions(ClientPod clients, String name, String bootstrap, Totals totals) {
        return new Traffic(clients, name, totals)
                .start("start-transactions", bootstrap, "e2e-transactions", 10, PARTITIONS, SIZE);
    }

    private Traffic start(String verb, String bootstrap, String topic, int ratePerSecond, int partitions, int size) {
        var arguments = new HashMap<>(run);
        arguments.put("bootstrap", bootstrap);
        arguments.put("topic", topic);
        arguments.put("partitions", Integer.toString(partitions));
        arguments.put("size", Integer.toString(size));
        arguments.put("rate", Integer.toString(ratePerSecond));
        clients.ask(verb, arguments);
        return this;
    }

    /** Waits until records flow through every partition now, and fails if any acknowledged one is not to be read. */
    public void checkpoint() {
        verify(clients.ask("checkpoint", run));
    }

    /** No more records until {@link #resume}; those on the way are settled first. */
    public void pause() {
        clients.ask("pause", run);
        paused = true;
    }

    public void resume() {
        clients.ask("resume", run);
        paused = false;
    }

    /** Reads everything since the start once more, from the beginning. */
    public void readAgain() {
        verify(clients.ask("read-again", run));
    }

    public Instant firstAcknowledged() {
        checkpoint();
        return Instant.parse(clients.ask("report", run).get("firstAcknowledged"));
    }

    /**
     * How long records waited for their acknowledgement since this was last asked, with those on the way.
     *
     * @param p99 ninety-nine of a hundred records, which are sent at a steady rate, waited no longer
     */
    public record Waits(Duration longest, Duration p99) {
        @Override
        public String toString() {
            return "longest wait for an acknowledgement %d ms, p99 %d ms".formatted(longest.toMillis(), p99.toMillis());
        }
    }

    public Waits waits() {
        checkpoint();
        var facts = clients.ask("report", run);
        clients.ask("measure-waits-anew", run);
        return new Waits(millis(facts, "slowestMillis"), millis(facts, "p99Millis"));
    }

    private static Duration millis(Map<String, String> facts, String name) {
        return Duration.ofMillis(Long.parseLong(facts.get(name)));
    }

    boolean isPaused() {
        return paused;
    }

    public void stop() {
        if (!stopped) {
            stopped = true;
            clients.ask("stop", run);
        }
    }

    boolean isStopped() {
        return stopped;
    }

    private void verify(Map<String, String> verdict) {
        var now = Long.parseLong(verdict.get("acknowledged"));
        totals.add(now - acknowledged, Long.parseLong(verdict.get("slowestMillis")));
        acknowledged = now;
        assertThat(verdict.get("problems"))
                .as("traffic %s (%s)", run.get("run"), verdict)
                .isEmpty();
    }

    /** What the whole suite sent. */
    static final class Totals {
        private long acknowledged;
        private long slowestMillis;

        synchronized void add(long records, long slowest) {
            acknowledged += records;
            slowestMillis = Math.max(slowestMillis, slowest);
        }

        @Override
        public synchronized String toString() {
            return "%d records acknowledged and every one of them read; the slowest acknowledgement took %d ms"
                    .formatted(acknowledged, slowestMillis);
        }
    }
}
