package dev.castellan.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FoundingTest {
    @Test
    void waitsUntilTheQuorumHasCommitted() {
        var asked = new AtomicInteger();

        Founding.await(() -> asked.incrementAndGet() == 3);

        assertThat(asked).hasValue(3);
    }
}
