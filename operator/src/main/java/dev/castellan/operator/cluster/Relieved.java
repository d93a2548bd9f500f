package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Brokers that were controllers too, and are no more: dedicated controllers vote in their place. They are on the StatefulSet
 * when none of them has a vote, and only then its pods get to know it. Lost, or taken away, that record makes controllers of
 * them again: without a vote they are harmless.
 */
public final class Relieved {
    /** For the launcher, among Kafka's properties: founders that take no controller's role when they start. */
    public static final String PROPERTY = "castellan.relieved";

    /**
     * For nobody but the operator, among Kafka's properties: a broker that runs with it was told of dedicated controllers when it
     * started, one that runs without it of the brokers that founded the quorum.
     */
    public static final String QUORUM = "castellan.quorum";

    public static final String DEDICATED = "dedicated";

    private Relieved() {}

    /** Those on record. */
    public static List<Integer> of(StatefulSet live) {
        return List.copyOf(NodeIds.of(live, Annotations.RELIEVED));
    }

    /** As it is written down. */
    public static String mark(Collection<Integer> ids) {
        return NodeIds.mark(ids);
    }

    /** Whether it is one of those that are written down; null: there are none. */
    public static boolean in(String mark, int id) {
        return mark != null && List.of(mark.split(",")).contains(String.valueOf(id));
    }

    /** What is to be on record: not to say so would leave it as somebody else has written it. */
    public static Optional<String> record(NodeSet set, Optional<StatefulSet> live) {
        boolean isOnRecord = live.map(found -> found.getMetadata().getAnnotations())
                .filter(annotations -> annotations.containsKey(Annotations.RELIEVED))
                .isPresent();
        return set.relieved().isEmpty() && !isOnRecord ? Optional.empty() : Optional.of(mark(set.relieved()));
    }
}
