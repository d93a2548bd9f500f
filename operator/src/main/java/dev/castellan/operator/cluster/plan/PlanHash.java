package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.desired.PodChanges;
import java.util.stream.Collectors;

/**
 * Names what restarts make of the nodes; the same from the first restart of a roll to its last, whatever Kafka is told
 * meanwhile.
 */
public final class PlanHash {
    /** So that YAML never takes it for a number. */
    private static final String PREFIX = "roll-";

    private PlanHash() {}

    public static String of(Intent intent) {
        return PREFIX
                + CanonicalJson.hash(intent.sets().stream()
                        .map(set -> set.name()
                                + intent.podSpec(set)
                                        .map(PodChanges::onlyByRestart)
                                        .orElse(""))
                        .collect(Collectors.joining()));
    }
}
