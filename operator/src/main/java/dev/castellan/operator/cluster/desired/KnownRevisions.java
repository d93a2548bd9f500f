package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.LastGood;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Relieved;
import dev.castellan.operator.cluster.desired.PlanHash.Goal;
import dev.castellan.operator.cluster.desired.PodChanges.Leaves;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.PodResize;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Revisions of all clusters, and what they tell. To read and to write them is most of what it costs to say what should
 * stand, and from one look to the next they are the same: the last that were asked for are remembered.
 */
public final class KnownRevisions {
    private final Map<String, Optional<Revision>> read;
    private final Map<Rendering, Revision> rendered;
    private final Map<Adaptation, Revision> adapted;
    private final Map<Resize, String> resized;
    private final Map<String, Leaves> leaves;
    private final Map<Pair, PodChanges> changes;
    private final Map<List<Goal>, String> planHashes;

    private record Rendering(
            ClusterSpec spec, NodeSet set, SortedMap<String, String> properties, Installation installation) {
        Revision render() {
            return Revision.of(spec, set, properties, installation);
        }
    }

    private record Adaptation(String json, String set, DynamicConfig dynamic) {}

    private record Resize(String podSpec, ResourceRequirements resources) {}

    private record Pair(String actual, String wanted) {}

    /** @param remembered how many answers of each kind */
    public KnownRevisions(int remembered) {
        read = lastUsed(remembered);
        rendered = lastUsed(remembered);
        adapted = lastUsed(remembered);
        resized = lastUsed(remembered);
        leaves = lastUsed(remembered);
        changes = lastUsed(remembered);
        planHashes = lastUsed(remembered);
    }

    /** What the pods of a set that exists are made from; empty if it is not a set of ours, or was tampered with. */
    Optional<Revision> of(StatefulSet live) {
        return Optional.ofNullable(live.getSpec().getTemplate().getMetadata())
                .map(meta -> Objects.requireNonNullElse(meta.getAnnotations(), Map.<String, String>of()))
                .map(annotations -> annotations.get(Annotations.POD_SPEC))
                .flatMap(this::of);
    }

    Optional<Revision> of(String podSpec) {
        return remembered(read, podSpec, Revision::parse);
    }

    /** Whether the set would make such a pod as that one is: to the letter, but for Kafka's configuration. */
    public boolean isOfSet(Pod pod, StatefulSet set) {
        return of(set).filter(
                        revision -> of(held(pod)).filter(revision::isSamePod).isPresent())
                .filter(revision -> CanonicalJson.write(revision.template())
                        .equals(CanonicalJson.write(set.getSpec().getTemplate())))
                .isPresent();
    }

    /** What the pod was made from, with the CPU and memory that we have asked for since. */
    public String held(Pod pod) {
        var annotations = Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of());
        var made = annotations.getOrDefault(Annotations.POD_SPEC, "");
        return PodResize.isOurs(pod) ? remembered(resized, new Resize(made, PodResize.ours(pod)), this::resized) : made;
    }

    private String resized(Resize asked) {
        return of(asked.podSpec())
                .map(made -> made.with(asked.resources()).json())
                .orElse(asked.podSpec());
    }

    /** Whether it was told of dedicated controllers when it started, who did not found the cluster. */
    public boolean asksDedicated(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.POD_SPEC))
                .flatMap(this::of)
                .filter(Revision::asksDedicated)
                .isPresent();
    }

    /** Whether the pod was made with no controller's role for this node, though it founded the quorum. */
    public boolean isRelieved(Pod pod, int id) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.POD_SPEC))
                .filter(podSpec -> isRelieved(podSpec, id))
                .isPresent();
    }

    /** Whether a pod of this node would be made so, now, soon, or should a trial fail. */
    public boolean mayRelieve(StatefulSet live, int id) {
        return Relieved.of(live).contains(id)
                || of(live).filter(revision -> revision.relieves(id)).isPresent()
                || LastGood.of(live)
                        .filter(good -> isRelieved(good.podSpec(), id))
                        .isPresent();
    }

    private boolean isRelieved(String podSpec, int id) {
        return of(podSpec).filter(revision -> revision.relieves(id)).isPresent();
    }

    /** As today's operator makes it. */
    Revision of(ClusterSpec spec, NodeSet set, SortedMap<String, String> properties, Installation installation) {
        return remembered(
                rendered, new Rendering(spec.ofPods(), set.ofPods(), properties, installation), Rendering::render);
    }

    /** The same to the letter, but for what Kafka takes while it runs. */
    Revision with(Revision revision, NodeSet set, DynamicConfig dynamic) {
        return remembered(
                adapted, new Adaptation(revision.json(), set.name(), dynamic), asked -> revision.with(set, dynamic));
    }

    /** How a pod of one revision differs from one of another. */
    public PodChanges changes(String actual, String wanted) {
        return remembered(
                changes,
                new Pair(actual, wanted),
                pair -> PodChanges.between(leaves(pair.actual()), leaves(pair.wanted())));
    }

    public String planHash(List<Goal> goals) {
        return remembered(planHashes, goals, asked -> PlanHash.of(asked, this::leaves));
    }

    private Leaves leaves(String revision) {
        return remembered(leaves, revision, Leaves::of);
    }

    private static <K, V> V remembered(Map<K, V> known, K question, Function<K, V> answer) {
        var before = known.get(question);
        if (before != null) {
            return before;
        }
        var now = answer.apply(question);
        known.put(question, now);
        return now;
    }

    private static <K, V> Map<K, V> lastUsed(int remembered) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > remembered;
            }
        });
    }
}
