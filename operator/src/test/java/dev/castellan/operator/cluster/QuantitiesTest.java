package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As the API server's own resource.Quantity writes them. */
class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "1Gi, 1Gi",
        "1024Mi, 1Gi",
        "1536Mi, 1536Mi",
        "1.5Gi, 1536Mi",
        "2000Mi, 2000Mi",
        "0, 0",
        "0Gi, 0",
        "1, 1",
        "1000m, 1",
        "0.5, 500m",
        "2500m, 2500m",
        "1.25, 1250m",
        "1000, 1k",
        "1G, 1G",
        "1500M, 1500M",
        "2e3, 2k",
        "1073741824, 1073741824",
        "0.1m, 100u"
    })
    void haveOneForm(String written, String kept) {
        // When
        var canonical = Quantities.canonical(Quantity.parse(written));

        // Then
        assertThat(canonical).hasToString(kept);
    }
}
