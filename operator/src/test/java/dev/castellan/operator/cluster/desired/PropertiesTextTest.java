package dev.castellan.operator.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PropertiesTextTest {
    @Test
    void isReadAsItWasMeant() throws IOException {
        // Given
        var values = new TreeMap<>(Map.of(
                "plain", "value",
                "log.dirs", "/var/lib/a,/var/lib/b",
                "key with: odd=signs#!", "  leading space, back\\slash, tab\t, new\nline",
                "empty", "",
                "ünïcode", "żółw ☃",
                "reference", "${POD_NAME}:${NODE_ID+30093}"));
        var read = new Properties();

        // When
        read.load(new StringReader(PropertiesText.of(values)));

        // Then
        assertThat(read).containsExactlyInAnyOrderEntriesOf(new TreeMap<Object, Object>(values));
    }
}
