package dev.castellan.operator.cluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.NodeStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskNewsTest {
    @Test
    void tellsOfADiskOnce() {
        var well = status(null);
        var failed = status("data-events-brokers-1 (Input/output error)");

        assertThat(DiskNews.of(null, failed)).hasSize(1);
        assertThat(DiskNews.of(well, failed))
                .containsExactly("disk data-events-brokers-1 (Input/output error) of broker 1 does not serve");
        assertThat(DiskNews.of(failed, failed)).isEmpty();
        assertThat(DiskNews.of(failed, well)).isEmpty();
    }

    /** An agent that does not answer once in a while is no news. */
    @Test
    void anotherReasonIsNoNews() {
        assertThat(DiskNews.of(status("b (Input/output error)"), status("b (taken offline by Kafka)")))
                .isEmpty();
    }

    private static KafkaClusterStatus status(String failedDisk) {
        var broker = new NodeStatus();
        broker.id = 1;
        broker.failedDisk = failedDisk;
        var status = new KafkaClusterStatus();
        status.brokers = List.of(broker);
        return status;
    }
}
