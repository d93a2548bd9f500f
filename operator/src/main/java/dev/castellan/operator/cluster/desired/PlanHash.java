package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.desired.PodChanges.Leaves;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Names what restarts make of the nodes; the same from the first restart of a roll to its last, whatever Kafka is told
 * meanwhile.
 */
public final class PlanHash {
    /** So that YAML never takes it for a number. */
    private static final String PREFIX = "roll-";

    /** @param revision that pods of the set should have; empty: they stay as they are */
    public record Goal(String set, Optional<String> revision) {}

    private PlanHash() {}

    public static String of(List<Goal> goals, Function<String, Leaves> read) {
        return PREFIX
                + CanonicalJson.hash(goals.stream()
                        .map(goal -> goal.set()
                                + goal.revision()
                                        .map(read)
                                        .map(PodChanges::onlyByRestart)
                                        .orElse(""))
                        .collect(Collectors.joining()));
    }
}
