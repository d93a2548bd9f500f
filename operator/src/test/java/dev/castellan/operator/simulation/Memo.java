package dev.castellan.operator.simulation;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.operator.cluster.Blueprint;
import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.ClusterSpec.Valid;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.MetadataRecord;
import dev.castellan.operator.cluster.Rollout;
import dev.castellan.operator.cluster.SpecBlueprint;
import dev.castellan.operator.cluster.desired.Installation;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The real blueprint, asked once for each different question: rendering is pure, and a simulation asks the same things again and again. */
final class Memo implements Blueprint {
    static final String VARIANT = "test/variant";

    private static final Map<String, Intent> KNOWN = new ConcurrentHashMap<>();
    private static final Map<HasMetadata, HasMetadata> OBJECTS = new ConcurrentHashMap<>();
    private static final Installation INSTALLATION = new Installation("", "IfNotPresent", Optional.empty());

    private KafkaClusterSpec lastSpec;
    private Rollout lastRollout;

    @Override
    public Intent of(KafkaCluster cluster, Inventory inventory) {
        var known = KNOWN.computeIfAbsent(question(cluster, inventory), question -> render(cluster, inventory));
        if (cluster.getSpec().rollout == null) {
            return known;
        }
        // Of no consequence for any object, so that it is not part of the question.
        return new Intent(
                known.namespace(),
                known.name(),
                known.identity(),
                known.identityRecord(),
                known.identityStored(),
                known.sets(),
                known.supporting(),
                known.statefulSets(),
                known.listeners(),
                known.refusals(),
                rollout(cluster),
                known.dynamic(),
                known.upgrade());
    }

    private Rollout rollout(KafkaCluster cluster) {
        if (cluster.getSpec() != lastSpec) {
            lastSpec = cluster.getSpec();
            lastRollout =
                    ClusterSpec.resolve(cluster) instanceof Valid(ClusterSpec spec) ? spec.rollout() : Rollout.AT_ONCE;
        }
        return lastRollout;
    }

    private static Intent render(KafkaCluster cluster, Inventory inventory) {
        var id = new int[1];
        var intent = new SpecBlueprint(INSTALLATION, () -> "id-%019d".formatted(id[0]++)).of(cluster, inventory);
        var sets = new LinkedHashMap<String, StatefulSet>();
        intent.statefulSets().forEach((name, set) -> sets.put(name, one(set)));
        return new Intent(
                intent.namespace(),
                intent.name(),
                intent.identity(),
                intent.identityRecord(),
                intent.identityStored(),
                intent.sets(),
                intent.supporting().stream().map(Memo::one).toList(),
                sets,
                intent.listeners(),
                intent.refusals(),
                Rollout.AT_ONCE,
                intent.dynamic(),
                intent.upgrade());
    }

    /** Equal objects are one object, so that comparing them costs nothing. */
    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> T one(T object) {
        return (T) OBJECTS.computeIfAbsent(object, known -> known);
    }

    /** Of what a set says of its claims, all that differs between two sets of one name. */
    private static String begunWith(StatefulSet set) {
        var claims = set.getSpec().getVolumeClaimTemplates();
        return claims.isEmpty()
                ? ""
                : claims.getFirst().getMetadata().getAnnotations().get(Annotations.METADATA_VERSION);
    }

    /** All that a blueprint may look at, and nothing else, or nothing would ever be asked twice. */
    private static String question(KafkaCluster cluster, Inventory inventory) {
        var parts = new TreeSet<String>();
        var names = new HashSet<String>();
        boolean isIdentityLost = inventory.identity().isEmpty();
        for (var set : inventory.statefulSets()) {
            names.add(set.getMetadata().getName());
            var annotations = set.getMetadata().getAnnotations();
            parts.add(set.getMetadata().getName() + " " + set.getSpec().getReplicas() + " "
                    + set.getSpec().getOrdinals().getStart() + annotations.get(Annotations.SPEC_HASH)
                    + annotations.get(Annotations.DYNAMIC_CONFIG)
                    + (isIdentityLost ? annotations.get(Annotations.FORMED) : "")
                    + annotations.get(Annotations.CONTROLLERS)
                    + Intent.podSpec(set).orElse("").hashCode()
                    + begunWith(set));
        }
        for (var claim : inventory.claims()) {
            var meta = claim.getMetadata();
            if (isIdentityLost) {
                parts.add(meta.getName()
                        + meta.getAnnotations().get(Annotations.FORMED)
                        + meta.getAnnotations().get(Annotations.CONTROLLERS));
            } else if (!names.contains(meta.getLabels().get(Labels.SET))) {
                parts.add(meta.getName());
            }
        }
        inventory.identity().ifPresent(map -> parts.add(map.getData().toString()));
        parts.add(MetadataRecord.of(inventory).toString());
        return cluster.getMetadata().getUid()
                + cluster.getMetadata().getAnnotations().get(VARIANT)
                + parts;
    }
}
