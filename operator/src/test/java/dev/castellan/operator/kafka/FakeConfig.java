package dev.castellan.operator.kafka;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What nodes are configured with: what is set for all of them wins over the file of each. */
final class FakeConfig {
    private final TreeMap<String, String> set = new TreeMap<>();
    private final TreeMap<Integer, Node> nodes = new TreeMap<>();

    private static final class Node {
        final Map<String, String> file;
        int threads;

        Node(Map<String, String> file) {
            this.file = file;
        }

        boolean isWithinReach(int wanted) {
            return wanted <= 2 * threads && wanted >= threads / 2;
        }

        int threads(Map<String, String> set) {
            return Integer.parseInt(set.getOrDefault(FakeKafka.THREADS, file.getOrDefault(FakeKafka.THREADS, "8")));
        }

        /** Too far, and it keeps what it has. */
        void resize(Map<String, String> set) {
            if (isWithinReach(threads(set))) {
                threads = threads(set);
            }
        }
    }

    void start(int id, Map<String, String> file) {
        var node = new Node(file);
        node.threads = node.threads(set);
        nodes.put(id, node);
    }

    /** With eligible leader replicas the first to lead makes its min.insync.replicas that of the cluster. */
    void lead(int id) {
        set.putIfAbsent(FakeKafka.MIN_IN_SYNC, nodes.get(id).file.getOrDefault(FakeKafka.MIN_IN_SYNC, "1"));
    }

    /** One broker answers for all. */
    void check(ConfigChange change, int asked) {
        if (change.set().containsValue(FakeKafka.REFUSED)) {
            throw new KafkaRejected("Invalid value many for configuration num.io.threads: Not a number", null);
        }
        if (change.unset().contains(FakeKafka.MIN_IN_SYNC)) {
            throw new KafkaRejected("min.insync.replicas cannot be removed", null);
        }
        var then = after(change);
        var node = nodes.get(asked);
        if (!Objects.equals(then.get(FakeKafka.THREADS), set.get(FakeKafka.THREADS))
                && !node.isWithinReach(node.threads(then))) {
            throw new KafkaRejected("num.io.threads: more than double or less than half of " + node.threads, null);
        }
    }

    void apply(ConfigChange change) {
        var then = after(change);
        set.clear();
        set.putAll(then);
        nodes.values().forEach(node -> node.resize(set));
    }

    private Map<String, String> after(ConfigChange change) {
        var then = new TreeMap<>(set);
        then.putAll(change.set());
        then.keySet().removeAll(change.unset());
        return then;
    }

    /** What a node works with; null: Kafka's own default. */
    String effective(int id, String key) {
        return key.equals(FakeKafka.THREADS)
                ? String.valueOf(nodes.get(id).threads)
                : set.getOrDefault(key, nodes.get(id).file.get(key));
    }

    Map<String, String> set() {
        return set;
    }
}
