package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What nodes of a set go back to should what they try fail. It is on record with the StatefulSet as long as none of them has
 * been well with what that says now; afterwards that itself is the last good.
 *
 * @param specHash of the user's words that it was made from
 * @param podSpec the revision; empty: there is nothing to go back to
 */
public record LastGood(String specHash, String podSpec) {
    public static final LastGood NOTHING = new LastGood("", "");

    private static final String SEPARATOR = " ";

    public static Optional<LastGood> of(StatefulSet set) {
        return Optional.ofNullable(annotations(set).get(Annotations.LAST_GOOD)).map(LastGood::parse);
    }

    private static LastGood parse(String record) {
        var parts = record.split(SEPARATOR, 2);
        return parts.length == 2 ? new LastGood(parts[0], parts[1]) : NOTHING;
    }

    public boolean isNothing() {
        return podSpec.isEmpty();
    }

    public String record() {
        return isNothing() ? "" : specHash + SEPARATOR + podSpec;
    }

    static Map<String, String> annotations(StatefulSet set) {
        return Objects.requireNonNullElse(set.getMetadata().getAnnotations(), Map.of());
    }
}
