package dev.castellan.operator.kafka;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What nodes are configured with: what is set for all of them wins over the file of each. A node hears of it when it looks at
 * the metadata, of what stands there then and not of all that did; and what goes too far with its threads it refuses as a
 * whole.
 */
final class FakeConfig {
    private final TreeMap<String, String> set = new TreeMap<>();
    private final TreeMap<Integer, Node> nodes = new TreeMap<>();

    /** Brokers for which it is set that they get no new replicas, which outlives them. */
    private final TreeSet<Integer> cordoned = new TreeSet<>();

    /** Of what is set; there is a new one with each change. */
    private int version;

    private static final class Node {
        final Map<String, String> file;
        final boolean broker;
        int threads;
        Map<String, String> taken = Map.of();
        int heard = -1;
        boolean cordoned;
        int deaf;

        Node(Map<String, String> file, boolean broker) {
            this.file = file;
            this.broker = broker;
            this.threads = threads(Map.of());
        }

        boolean takes(Map<String, String> set) {
            int wanted = threads(set);
            return wanted <= 2 * threads && wanted >= threads / 2;
        }

        int threads(Map<String, String> set) {
            return Integer.parseInt(set.getOrDefault(FakeKafka.THREADS, file.getOrDefault(FakeKafka.THREADS, "8")));
        }
    }

    /** It begins with its file, and then hears of what is set. */
    void start(int id, boolean broker, Map<String, String> file) {
        nodes.put(id, new Node(file, broker));
    }

    /** It looks at the metadata; when it starts it has read all of it before it comes into service. */
    void hear(int id) {
        var node = nodes.get(id);
        if (node.deaf > 0 && node.heard >= 0) {
            node.deaf--;
        } else if (node.heard != version) {
            node.heard = version;
            if (node.takes(set)) {
                node.cordoned = cordoned.contains(id);
                node.threads = node.threads(set);
                node.taken = Map.copyOf(set);
            }
        }
    }

    /** It does not for so many times, and says so to nobody. */
    void deafen(int id, int times) {
        nodes.get(id).deaf = times;
    }

    /** With eligible leader replicas the first to lead makes its min.insync.replicas that of the cluster. */
    void lead(int id) {
        if (set.putIfAbsent(FakeKafka.MIN_IN_SYNC, nodes.get(id).file.getOrDefault(FakeKafka.MIN_IN_SYNC, "1"))
                == null) {
            version++;
        }
    }

    /** One broker answers for all; one that refuses what is set already refuses whatever comes with it. */
    void check(ConfigChange change, int asked) {
        if (change.set().containsValue(FakeKafka.REFUSED)) {
            throw new KafkaRejected("Invalid value many for configuration num.io.threads: Not a number", null);
        }
        if (change.unset().contains(FakeKafka.MIN_IN_SYNC)) {
            throw new KafkaRejected("min.insync.replicas cannot be removed", null);
        }
        var node = nodes.get(asked);
        if (!node.takes(after(change))) {
            throw new KafkaRejected("num.io.threads: more than double or less than half of " + node.threads, null);
        }
    }

    void apply(ConfigChange change) {
        var then = after(change);
        if (!then.equals(set)) {
            set.clear();
            set.putAll(then);
            version++;
        }
    }

    /** What is set for it alone; it takes nothing while it refuses what is set for all. */
    Outcome alter(int id, ConfigChange change) {
        if (!nodes.get(id).takes(set)) {
            return new Outcome.Rejected("num.io.threads: more than double or less than half");
        }
        boolean isNew = change.set().isEmpty() ? cordoned.remove(id) : cordoned.add(id);
        version += isNew ? 1 : 0;
        return new Outcome.Done();
    }

    /** As somebody does who sees to it that it comes about. */
    void uncordon(int id) {
        version += cordoned.remove(id) ? 1 : 0;
    }

    /** It has heard of it. */
    boolean isCordoned(int id) {
        return nodes.get(id).cordoned;
    }

    boolean isToBeCordoned(int id) {
        return cordoned.contains(id);
    }

    private Map<String, String> after(ConfigChange change) {
        var then = new TreeMap<>(set);
        then.putAll(change.set());
        then.keySet().removeAll(change.unset());
        return then;
    }

    /** What a node works with; null: Kafka's own default. A controller goes by what is set for the cluster itself. */
    String effective(int id, String key) {
        var node = nodes.get(id);
        return key.equals(FakeKafka.THREADS)
                ? String.valueOf(node.threads)
                : (node.broker ? node.taken : set).getOrDefault(key, node.file.get(key));
    }

    boolean isTooFarFromFiles() {
        return !new Node(Map.of(), true).takes(set);
    }

    Map<String, String> set() {
        return set;
    }
}
