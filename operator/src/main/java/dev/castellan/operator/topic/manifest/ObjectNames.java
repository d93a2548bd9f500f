package dev.castellan.operator.topic.manifest;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.castellan.operator.cluster.CanonicalJson;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Names of objects in Kubernetes for topics, whose names in Kafka may be others than Kubernetes allows. Pure. */
final class ObjectNames {
    private static final int LONGEST = 253;
    private static final int OF_HASH = 8;

    private ObjectNames() {}

    /**
     * By topic. A topic whose name is allowed keeps it; another gets the nearest that is, and where several topics would get
     * the same, a hash of its own with it: the same topics always get the same names.
     */
    static Map<String, String> of(Collection<String> topics) {
        var nearest = topics.stream().collect(groupingBy(ObjectNames::nearest, counting()));
        var names = new TreeMap<String, String>();
        for (var topic : topics) {
            var name = nearest(topic);
            names.put(topic, name.equals(topic) || nearest.get(name) == 1 ? name : withHash(name, topic));
        }
        return names;
    }

    private static String nearest(String topic) {
        var name = Arrays.stream(
                        topic.toLowerCase(Locale.ROOT).replace('_', '-').split("\\."))
                .map(part -> part.replaceAll("^-+|-+$", ""))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("."));
        return name.isEmpty() ? "topic" : name;
    }

    private static String withHash(String name, String topic) {
        var hash = CanonicalJson.hash(topic).substring(0, OF_HASH);
        return name.substring(0, Math.min(name.length(), LONGEST - OF_HASH - 1)) + "-" + hash;
    }
}
