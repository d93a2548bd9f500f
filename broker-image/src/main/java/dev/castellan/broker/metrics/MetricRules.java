package dev.castellan.broker.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of Kafka's metrics are shown: the list in {@code rules.txt}. */
record MetricRules(Map<String, Set<String>> always, Map<String, Set<String>> topics, Map<String, Set<String>> groups) {
    /** The requests that clients and followers live by; there are ninety kinds. */
    private static final Set<String> REQUESTS = Set.of("Produce", "FetchConsumer", "FetchFollower");

    static MetricRules load() {
        try (InputStream in = MetricRules.class.getResourceAsStream("rules.txt")) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MetricRules parse(List<String> lines) {
        var sections = new HashMap<String, Map<String, Set<String>>>();
        String section = "";
        for (String line : lines) {
            if (line.startsWith("[")) {
                section = line.strip();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                var words = Arrays.asList(line.split(" +"));
                sections.computeIfAbsent(section, key -> new HashMap<>())
                        .computeIfAbsent(words.getFirst(), key -> new HashSet<>())
                        .addAll(words.subList(1, words.size()));
            }
        }
        return new MetricRules(sections.get("[always]"), sections.get("[topics]"), sections.get("[groups]"));
    }

    /** Cheap, since it is asked for every metric of every partition at every scrape. */
    boolean mayShow(String domain, String type, String name, boolean withTopics) {
        String place = domain + ":" + type;
        return has(always, place, name) || (withTopics && has(topics, place, name));
    }

    boolean shows(MetricId id, boolean withTopics) {
        String place = id.domain() + ":" + id.type();
        if (id.labels().containsKey("topic")) {
            return withTopics && has(topics, place, id.name());
        }
        return has(always, place, id.name()) && REQUESTS.containsAll(requests(id));
    }

    boolean showsGroup(String group, String name) {
        return has(groups, group, name);
    }

    private static Set<String> requests(MetricId id) {
        return id.labels().containsKey("request") ? Set.of(id.labels().get("request")) : Set.of();
    }

    private static boolean has(Map<String, Set<String>> names, String place, String name) {
        return names.getOrDefault(place, Set.of()).contains(name);
    }
}
