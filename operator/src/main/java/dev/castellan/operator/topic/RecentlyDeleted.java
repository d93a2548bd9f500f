package dev.castellan.operator.topic;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ids of topics that were deleted a short while ago: brokers that lag may still show them. */
final class RecentlyDeleted {
    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    private final Map<String, Instant> ids = new LinkedHashMap<>();

    void add(String topicId, Instant now) {
        ids.values().removeIf(at -> at.plus(REMEMBERED).isBefore(now));
        ids.put(topicId, now);
    }

    boolean contains(String topicId, Instant now) {
        var at = ids.get(topicId);
        return at != null && at.plus(REMEMBERED).isAfter(now);
    }
}
