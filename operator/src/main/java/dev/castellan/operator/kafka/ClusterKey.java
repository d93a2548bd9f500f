package dev.castellan.operator.kafka;

import java.util.Comparator;

/** Which Kafka cluster: namespace and name of its KafkaCluster. */
public record ClusterKey(String namespace, String name) implements Comparable<ClusterKey> {
    private static final Comparator<ClusterKey> ORDER =
            Comparator.comparing(ClusterKey::namespace).thenComparing(ClusterKey::name);

    /**
     * The PEER listener of every pod, by the headless Service: one name that stays as pods come and go, and that resolves
     * to each of them, so that no single pod or endpoint has to be there.
     */
    String bootstrap() {
        return name + "-nodes." + namespace + ".svc:9091";
    }

    @Override
    public int compareTo(ClusterKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
