package dev.castellan.operator.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import java.util.Optional;

/**
 * What a node tried and did not come up with. It is on record with the StatefulSet of that node, so that nobody tries it
 * again, until the user's words are others.
 *
 * @param specHash of the user's words on the set
 * @param config hash of what Kafka takes while it runs, where that may have had a part in it; else empty
 * @param words what failed and how, for the user
 */
public record FailedTrial(String specHash, String config, int nodeId, String words) {

    public FailedTrial {
        config = config == null ? "" : config;
    }

    /** The one that stands: all that was declared is as it was then. */
    public static Optional<FailedTrial> of(Layout layout, Map<String, StatefulSet> live, DynamicConfig dynamic) {
        return layout.sets().stream()
                .filter(set -> !set.isUndeclared())
                .flatMap(set -> Optional.ofNullable(live.get(set.name()))
                        .flatMap(FailedTrial::of)
                        .filter(trial -> trial.specHash().equals(set.specHash()))
                        .stream())
                .filter(trial -> trial.config().isEmpty() || trial.config().equals(hash(dynamic)))
                .findFirst();
    }

    public static Optional<FailedTrial> of(StatefulSet set) {
        return Optional.ofNullable(LastGood.annotations(set).get(Annotations.FAILED_TRIAL))
                .flatMap(FailedTrial::parse);
    }

    private static Optional<FailedTrial> parse(String record) {
        try {
            return Optional.of(CanonicalJson.read(record, FailedTrial.class))
                    .filter(trial -> trial.specHash() != null && trial.words() != null);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    public String record() {
        return CanonicalJson.write(this);
    }

    public static String hash(DynamicConfig dynamic) {
        return CanonicalJson.hash(CanonicalJson.write(dynamic.properties()));
    }
}
