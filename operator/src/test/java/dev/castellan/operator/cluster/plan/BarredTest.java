package dev.castellan.operator.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BarredTest {
    @Test
    void tellsHowManyAndWhoIsInTheWayAndWhatHelps() {
        // Given
        var barred = new Barred(
                new TreeMap<>(Map.of(2, new TreeSet<>(Set.of("orders-0", "orders-1")))),
                new TreeMap<>(Map.of(
                        0, new TreeSet<>(Set.of("orders-1")),
                        1, new TreeSet<>(Set.of("orders-7")))));
        // When
        var words = barred.words();
        // Then
        assertThat(words)
                .isEqualTo(
                        "3 cannot be moved (orders-0, orders-1, orders-7): somebody else has cordoned broker 2, and Kafka moves"
                                + " nothing of which a copy is to lie there: delete cordoned.log.dirs of it to go on; copies that stay on"
                                + " brokers 0, 1 are not in sync, and until they are Kafka ends no move");
    }
}
