package dev.castellan.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The CRD limits: a cluster 40, listeners 12, volumes 20; cluster, pool and zone so that a StatefulSet's name has 52. */
class NamesTest {
    private static final int LIMIT = 63;
    private static final String CLUSTER = "c".repeat(40);
    private static final String LISTENER = "l".repeat(12);
    private static final String STATEFUL_SET =
            Names.statefulSet("c".repeat(38), "p".repeat(6), Optional.of("z".repeat(6)));
    private static final int HIGHEST_NODE_ID = 999_999;

    @Test
    void everyNameFitsALabelAndADnsName() {
        // When
        var names = Stream.of(
                Names.pod(STATEFUL_SET, HIGHEST_NODE_ID),
                Names.nodeConfig(STATEFUL_SET, "01234567"),
                Names.identity(CLUSTER),
                Names.nodes(CLUSTER),
                Names.bootstrap(CLUSTER),
                Names.listenerBootstrap(CLUSTER, LISTENER),
                Names.listenerBroker(CLUSTER, LISTENER, HIGHEST_NODE_ID),
                Names.serviceAccount(CLUSTER),
                Names.networkPolicy(CLUSTER),
                Names.brokersBudget(CLUSTER),
                Names.controllersBudget(CLUSTER));

        // Then
        assertThat(names).allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(LIMIT));
    }

    @Test
    void aStatefulSetLeavesRoomForItsRevisionsHash() {
        // When
        var label = STATEFUL_SET + "-0123456789";

        // Then
        assertThat(label).hasSize(LIMIT);
    }

    @Test
    void aNodesHostFitsADnsNameInTheLongestNamespace() {
        // When
        var host = Names.nodeHost(Names.pod(STATEFUL_SET, HIGHEST_NODE_ID), "n".repeat(LIMIT));

        // Then
        assertThat(host).hasSizeLessThanOrEqualTo(253);
    }
}
