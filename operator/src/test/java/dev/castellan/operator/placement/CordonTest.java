package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CordonTest {
    private static final Map<String, LogDirectory> OPEN = Map.of("/data", directory(false));
    private static final Map<String, LogDirectory> CLOSED = Map.of("/data", directory(true));

    @Test
    void whoDoesNotTellIsTakenForWhatItSaidLast() {
        // Given
        var before = List.of(1, 2);
        // When
        var cordoned = Cordon.told(before, Map.of(2, OPEN, 3, CLOSED, 4, OPEN));
        // Then
        assertThat(cordoned).containsExactly(1, 3);
    }

    @ParameterizedTest
    @CsvSource({"4.2-IV1, false", "4.3-IV0, false", "4.4-IV0, true", "4.4-IV2, true", "5.0-IV0, true", "31, true"})
    void since44KafkaRefusesWhatIsToLieOnACordonedBroker(String metadataVersion, boolean refuses) {
        assertThat(Cordon.bars(metadataVersion)).isEqualTo(refuses);
    }

    private static LogDirectory directory(boolean cordoned) {
        return new LogDirectory(false, Map.of(), Optional.empty(), cordoned);
    }
}
