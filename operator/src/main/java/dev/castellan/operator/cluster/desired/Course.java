package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.FailedTrial;
import dev.castellan.operator.cluster.LastGood;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the pods of a set are to be made from.
 *
 * <p>An upgrade of the operator restarts nothing: as long as the user's words on a set are those that its live StatefulSet
 * was made from, its pods stay as they are, even if they would be made otherwise today. And so do those of a pool that the
 * spec no longer has, until they go; what its nodes have not been well with is not tried any further.
 *
 * @param specHash of the user's words that it was made from
 * @param lastGood what they go back to should it fail; empty: a node has been well with it
 * @param failed what the set remembers of a trial in vain that still stands
 */
record Course(Revision revision, String specHash, Optional<LastGood> lastGood, Optional<FailedTrial> failed) {

    /**
     * @param failed what of the spec has been tried in vain
     * @param made from what the user declares
     * @return empty where nobody says what it should be
     */
    static Optional<Course> of(
            NodeSet set,
            Optional<StatefulSet> live,
            Optional<FailedTrial> failed,
            DynamicConfig dynamic,
            KnownRevisions revisions,
            Supplier<Revision> made) {
        var standing = live.flatMap(found -> standing(found, revisions));
        if (set.isUndeclared()) {
            return standing.map(course -> course.back(revisions));
        }
        if (standing.isEmpty()) {
            return Optional.of(new Course(made.get(), set.specHash(), live.flatMap(LastGood::of), Optional.empty()));
        }
        var next = failed.isPresent()
                ? standing.get().back(revisions)
                : standing.get().forward(set, isFormed(live.get()), revisions, made);
        var remembered = live.flatMap(FailedTrial::of).filter(trial -> failed.equals(Optional.of(trial)));
        return Optional.of(new Course(
                revisions.with(next.revision(), set, dynamic), next.specHash(), next.lastGood(), remembered));
    }

    private static Optional<Course> standing(StatefulSet live, KnownRevisions revisions) {
        var specHash = annotations(live).getOrDefault(Annotations.SPEC_HASH, "");
        return revisions
                .of(live)
                .map(revision -> new Course(revision, specHash, LastGood.of(live), FailedTrial.of(live)));
    }

    /** To what the user declares, or back to what that was before. */
    private Course forward(NodeSet set, boolean formed, KnownRevisions revisions, Supplier<Revision> made) {
        if (set.specHash().equals(specHash)) {
            return this;
        }
        var back = back(revisions);
        if (set.specHash().equals(back.specHash())) {
            return back;
        }
        var wanted = made.get();
        if (wanted.json().equals(revision.json())) {
            return new Course(wanted, set.specHash(), lastGood, failed);
        }
        // Until a quorum has formed nothing is known to be good.
        var good = formed ? new LastGood(specHash, revision.json()) : LastGood.NOTHING;
        return new Course(wanted, set.specHash(), lastGood.or(() -> Optional.of(good)), failed);
    }

    /** To what nodes have been well with. */
    private Course back(KnownRevisions revisions) {
        return lastGood.flatMap(good ->
                        revisions.of(good.podSpec()).map(r -> new Course(r, good.specHash(), Optional.empty(), failed)))
                .orElse(this);
    }

    private static boolean isFormed(StatefulSet live) {
        return "true".equals(annotations(live).get(Annotations.FORMED));
    }

    private static Map<String, String> annotations(StatefulSet live) {
        return Objects.requireNonNullElse(live.getMetadata().getAnnotations(), Map.of());
    }
}
