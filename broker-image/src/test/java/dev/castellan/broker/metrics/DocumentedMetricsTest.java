package dev.castellan.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.yammer.metrics.core.MetricsRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The names are what dashboards and alerts are made of: the page for users and the rules say the same. */
class DocumentedMetricsTest {
    private static final Path PAGE = Path.of("../docs/broker-image.md");

    @Test
    void thePageListsWhatTheRulesShow() throws IOException {
        // Given
        var documented = Pattern.compile("`(kafka_[a-z_]+)`")
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(shown(MetricRules.load())).isEqualTo(documented);
    }

    private static Set<String> shown(MetricRules rules) {
        var families = new TreeSet<String>();
        rules.always().forEach((place, names) -> names.forEach(name -> families.add(yammer(place, name))));
        rules.topics().forEach((place, names) -> names.forEach(name -> families.add(yammer(place, name))));
        rules.groups().forEach((group, names) -> names.forEach(name -> families.add(MetricsPage.family(group, name))));
        return families;
    }

    private static String yammer(String place, String name) {
        var id = new MetricId(
                place.substring(0, place.indexOf(':')), place.substring(place.indexOf(':') + 1), name, Map.of());
        if (!name.endsWith("PerSec")) {
            return id.family();
        }
        var registry = new MetricsRegistry();
        var page = new Exposition();
        YammerSamples.add(page, id, registry.newMeter(MetricsTest.class, "any", "any", TimeUnit.SECONDS));
        registry.shutdown();
        return page.text().lines().toList().getFirst().split(" ")[2];
    }
}
