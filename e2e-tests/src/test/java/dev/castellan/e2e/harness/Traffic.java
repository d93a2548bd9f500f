package dev.castellan.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Steady traffic through a Kafka cluster, and the proof that no acknowledged record is lost, doubled or out of order. */
public final class Traffic {
    private static final String TOPIC = "e2e-traffic";
    private static final int PARTITIONS = 3;
    private static final int RATE = 100;

    private final ClientPod clients;
    private final Map<String, String> run;
    private final Totals totals;
    private long acknowledged;
    private long slowestMillis;
    private boolean paused;
    private boolean stopped;

    private Traffic(ClientPod clients, String name, Totals totals) {
        this.clients = clients;
        this.run = Map.of("run", name);
        this.totals = totals;
    }

    /** Begins at once, and keeps on trying until the cluster is there. */
    static Traffic start(ClientPod clients, String name, String bootstrap, Totals totals) {
        var traffic = new Traffic(clients, name, totals);
        var arguments = new HashMap<>(traffic.run);
        arguments.put("bootstrap", bootstrap);
        arguments.put("topic", TOPIC);
        arguments.put("partitions", Integer.toString(PARTITIONS));
        arguments.put("rate", Integer.toString(RATE));
        clients.ask("start", arguments);
        return traffic;
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

    /** The longest that a record had to wait for its acknowledgement since this was last asked, with those on the way. */
    public Duration longestWait() {
        checkpoint();
        var longest = Duration.ofMillis(slowestMillis);
        slowestMillis = 0;
        return longest;
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
        var slowest = Long.parseLong(verdict.get("slowestMillis"));
        slowestMillis = Math.max(slowestMillis, slowest);
        totals.add(now - acknowledged, slowest);
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
