package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaAdminPoolTest {
    private static final ClusterKey EVENTS = new ClusterKey("ns", "events");
    private static final ClusterKey OTHER = new ClusterKey("ns", "other");

    private final List<String> connected = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private String suffix = "";

    private final KafkaAdminPool pool = new KafkaAdminPool(key -> key.name() + suffix, this::connect);

    @Test
    void aClusterHasOneClientForAll() {
        assertThat(pool.of(EVENTS)).isSameAs(pool.of(EVENTS));
        assertThat(pool.of(OTHER)).isNotSameAs(pool.of(EVENTS));
        assertThat(connected).containsExactly("events", "other");
    }

    @Test
    void aClientOfOldAddressesIsReplaced() {
        var old = pool.of(EVENTS);
        suffix = "-new";

        assertThat(pool.of(EVENTS)).isNotSameAs(old);
        assertThat(connected).containsExactly("events", "events-new");
        assertThat(closed).containsExactly("events");
    }

    @Test
    void theClientOfAClusterThatIsGoneIsClosed() {
        pool.of(EVENTS);
        pool.of(OTHER);

        pool.close(EVENTS);
        pool.close(EVENTS);

        assertThat(closed).containsExactly("events");
    }

    @Test
    void aClusterThatCannotBeFoundIsTriedAgain() {
        var resolves = new boolean[] {false};
        var pool = new KafkaAdminPool(ClusterKey::bootstrap, address -> {
            if (!resolves[0]) {
                throw new KafkaUnavailable(address, null);
            }
            return connect(address);
        });
        assertThatThrownBy(() -> pool.of(EVENTS)).isInstanceOf(KafkaUnavailable.class);

        resolves[0] = true;

        assertThat(pool.of(EVENTS)).isNotNull();
        assertThat(connected).containsExactly("events-nodes.ns.svc:9091");
    }

    @Test
    void aClusterThatIsSlowToBeFoundSlowsNoOther() throws Exception {
        var found = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        var pool = new KafkaAdminPool(ClusterKey::name, address -> {
            if (address.equals("events")) {
                asked.countDown();
                awaitQuietly(found);
            }
            return connect(address);
        });
        var slow = Thread.ofVirtual().start(() -> pool.of(EVENTS));
        asked.await();

        assertThat(pool.of(OTHER)).isNotNull();

        found.countDown();
        slow.join();
    }

    @Test
    void metadataVersionsHaveKafkasNames() {
        for (var version : MetadataVersion.VERSIONS) {
            if (version.featureLevel() >= MetadataVersion.IBP_4_2_IV0.featureLevel() && version.isProduction()) {
                assertThat(MetadataVersions.nameOf(version.featureLevel())).isEqualTo(version.version());
            }
        }
        assertThat(MetadataVersions.nameOf((short) 1_000)).isEqualTo("level 1000");
    }

    private KafkaAdmin connect(String address) {
        connected.add(address);
        return (KafkaAdmin) Proxy.newProxyInstance(
                KafkaAdmin.class.getClassLoader(), new Class<?>[] {KafkaAdmin.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.add(address);
                    }
                    return method.getName().equals("equals") ? proxy == arguments[0] : null;
                });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
