package dev.castellan.operator.cluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.NodeStatus;
import dev.castellan.operator.cluster.report.DiskNews.News;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskNewsTest {
    private static final String FAILED = "b-events-brokers-1 (Input/output error)";
    private static final String FULL = "b-events-brokers-1 (full)";
    private static final String UNEXPLAINED = "b-events-brokers-1 (taken offline by Kafka)";

    @Test
    void tellsOfADiskOnce() {
        var well = status(null);
        var failed = status(FAILED);

        assertThat(DiskNews.of(null, failed)).hasSize(1);
        assertThat(DiskNews.of(well, failed))
                .containsExactly(new News(false, "disk " + FAILED + " of broker 1 does not serve"));
        assertThat(DiskNews.of(failed, failed)).isEmpty();
        assertThat(DiskNews.of(failed, well)).isEmpty();
    }

    @Test
    void aFullDiskHasNotFailed() {
        assertThat(DiskNews.of(status(null), status(FULL)))
                .containsExactly(new News(true, "disk " + FULL + " of broker 1 does not serve, for want of room"));
        assertThat(DiskNews.of(status(UNEXPLAINED), status(FULL))).hasSize(1);
    }

    @Test
    void aFullDiskThatFailsIsNews() {
        assertThat(DiskNews.of(status(FULL), status(FAILED)))
                .containsExactly(new News(
                        false, "disk " + FAILED + " of broker 1 does not serve: it was full, and has failed since"));
        assertThat(DiskNews.of(status("c-events-brokers-1 (full)"), status(FAILED)))
                .containsExactly(new News(false, "disk " + FAILED + " of broker 1 does not serve"));
    }

    /** An agent that does not answer once in a while is none; nor is that there is room again, for which its broker is restarted. */
    @ParameterizedTest
    @CsvSource({
        FAILED + "," + UNEXPLAINED,
        UNEXPLAINED + "," + FAILED,
        FULL + "," + UNEXPLAINED,
        FULL + "," + FULL,
        FULL + ", b-events-brokers-1 (was full)"
    })
    void anotherReasonIsNoNews(String before, String after) {
        assertThat(DiskNews.of(status(before), status(after))).isEmpty();
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
