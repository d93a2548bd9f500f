package dev.castellan.operator.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One Admin client a cluster: made when first asked for, shared by all who ask, closed when its cluster is gone.
 *
 * <p>Making one looks names up in DNS, which may take seconds: that is done under the lock of the one cluster only, so
 * that a cluster that cannot be found slows no other.
 */
public final class KafkaAdminPool implements AutoCloseable {
    private final Function<ClusterKey, String> bootstrap;
    private final Function<String, KafkaAdmin> connect;
    private final Map<ClusterKey, Slot> slots = new HashMap<>();

    /** Clients that connect through each cluster's headless Service. */
    public KafkaAdminPool() {
        this(ClusterKey::bootstrap, ApacheKafkaAdmin::connect);
    }

    /**
     * @param bootstrap a cluster's addresses now (host:port, separated by commas); a client made for others is replaced
     */
    public KafkaAdminPool(Function<ClusterKey, String> bootstrap, Function<String, KafkaAdmin> connect) {
        this.bootstrap = bootstrap;
        this.connect = connect;
    }

    /** The cluster's client; throws {@link KafkaUnavailable} while the cluster's names do not resolve. */
    public KafkaAdmin of(ClusterKey cluster) {
        Slot slot;
        synchronized (slots) {
            slot = slots.computeIfAbsent(cluster, key -> new Slot());
        }
        return slot.connected(bootstrap.apply(cluster));
    }

    /** The KafkaCluster is gone. */
    public void close(ClusterKey cluster) {
        Slot slot;
        synchronized (slots) {
            slot = slots.remove(cluster);
        }
        if (slot != null) {
            slot.close();
        }
    }

    @Override
    public void close() {
        Map<ClusterKey, Slot> all;
        synchronized (slots) {
            all = Map.copyOf(slots);
            slots.clear();
        }
        all.values().forEach(Slot::close);
    }

    /** Calls that still run on a client that is replaced fail as unavailable, and are tried again on the new one. */
    private final class Slot {
        private KafkaAdmin admin;
        private String address;

        synchronized KafkaAdmin connected(String wanted) {
            if (admin == null || !address.equals(wanted)) {
                close();
                admin = connect.apply(wanted);
                address = wanted;
            }
            return admin;
        }

        synchronized void close() {
            if (admin != null) {
                admin.close();
                admin = null;
            }
        }
    }
}
