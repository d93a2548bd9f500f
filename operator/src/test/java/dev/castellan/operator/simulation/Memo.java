package dev.castellan.operator.simulation;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.KafkaClusterStatus.ListenerStatus;
import dev.castellan.operator.cluster.Blueprint;
import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.ClusterSpec.Valid;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.MetadataRecord;
import dev.castellan.operator.cluster.Rollout;
import dev.castellan.operator.cluster.SpecBlueprint;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.cluster.desired.Installation;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The real blueprint, asked once for each different question: rendering is pure, and a simulation asks the same things again and again. */
final class Memo implements Blueprint {
    static final String VARIANT = "test/variant";

    /** What was asked before, by whichever seed. */
    record Answers(Map<String, Intent> intents, KnownRevisions revisions) {
        static final Answers OF_ALL = new Answers();

        Answers() {
            this(new ConcurrentHashMap<>(), new KnownRevisions(REVISIONS));
        }
    }

    private static final int REVISIONS = 5_000;

    /** Of those that most seeds ask for there are far fewer, and what one seed alone asks for fills any memory. */
    private static final int MOST = 20_000;

    private static final Map<HasMetadata, HasMetadata> OBJECTS = new ConcurrentHashMap<>();
    private static final Map<String, Rollout> ROLLOUTS = new ConcurrentHashMap<>();
    private static final Installation INSTALLATION = new Installation("", "IfNotPresent", Optional.empty());

    private final Answers known;
    private KafkaClusterSpec lastSpec;
    private Rollout lastRollout;
    private Look last = new Look(null, List.of(), List.of(), Optional.empty());
    private Intent lastIntent;

    /** What a blueprint looks at: objects that never change, so that the same ones say the same. */
    private record Look(
            KafkaClusterSpec spec,
            List<StatefulSet> sets,
            List<PersistentVolumeClaim> claims,
            Optional<ConfigMap> identity) {
        Look(KafkaCluster cluster, Inventory inventory) {
            this(cluster.getSpec(), inventory.statefulSets(), inventory.claims(), inventory.identity());
        }

        boolean isSame(Look other) {
            return spec == other.spec
                    && identity.orElse(null) == other.identity.orElse(null)
                    && isSame(sets, other.sets)
                    && isSame(claims, other.claims);
        }

        private static boolean isSame(List<?> some, List<?> others) {
            for (int i = 0; i < some.size(); i++) {
                if (some.size() != others.size() || some.get(i) != others.get(i)) {
                    return false;
                }
            }
            return some.size() == others.size();
        }
    }

    Memo(Answers known) {
        this.known = known;
    }

    @Override
    public Intent of(KafkaCluster cluster, Inventory inventory) {
        var intent = remembered(cluster, inventory);
        if (isAsItStands(intent)) {
            var told = Optional.ofNullable(cluster.getStatus()).map(status -> status.listeners);
            return with(intent, told.orElse(List.of()), intent.rollout());
        }
        return cluster.getSpec().rollout == null ? intent : with(intent, intent.listeners(), rollout(cluster));
    }

    private Intent remembered(KafkaCluster cluster, Inventory inventory) {
        var look = new Look(cluster, inventory);
        if (!look.isSame(last)) {
            last = look;
            if (known.intents().size() > MOST) {
                known.intents().clear();
                OBJECTS.clear();
            }
            lastIntent = known.intents()
                    .computeIfAbsent(question(cluster, inventory), question -> render(cluster, inventory));
        }
        return lastIntent;
    }

    /** Of no consequence for any object, so that they are not part of the question. */
    private static Intent with(Intent intent, List<ListenerStatus> listeners, Rollout rollout) {
        return with(intent, intent.supporting(), intent.statefulSets(), listeners, rollout);
    }

    private static Intent with(
            Intent intent,
            List<HasMetadata> supporting,
            Map<String, StatefulSet> sets,
            List<ListenerStatus> listeners,
            Rollout rollout) {
        return new Intent(
                intent.namespace(),
                intent.name(),
                intent.identity(),
                intent.identityRecord(),
                intent.identityStored(),
                intent.quorum(),
                intent.sets(),
                supporting,
                sets,
                listeners,
                intent.refusals(),
                rollout,
                intent.dynamic(),
                intent.upgrade(),
                intent.failed(),
                intent.pace(),
                intent.healing(),
                intent.hibernates());
    }

    /** The spec cannot be followed; then listeners are those that the status has. */
    private static boolean isAsItStands(Intent intent) {
        return intent.dynamic().isEmpty();
    }

    private Rollout rollout(KafkaCluster cluster) {
        if (cluster.getSpec() != lastSpec) {
            lastSpec = cluster.getSpec();
            lastRollout = ROLLOUTS.computeIfAbsent(
                    CanonicalJson.write(cluster.getSpec().rollout),
                    rollout -> ((Valid) ClusterSpec.resolve(cluster)).spec().rollout());
        }
        return lastRollout;
    }

    private Intent render(KafkaCluster cluster, Inventory inventory) {
        var id = new int[1];
        var blueprint = new SpecBlueprint(INSTALLATION, known.revisions(), () -> "id-%019d".formatted(id[0]++));
        var intent = blueprint.of(cluster, inventory);
        var supporting = intent.supporting().stream().map(Memo::one).toList();
        return with(intent, supporting, intent.statefulSets(), intent.listeners(), Rollout.AT_ONCE);
    }

    /** Equal objects are one object, so that comparing them costs nothing; those of sets share what is large of them anyway. */
    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> T one(T object) {
        return (T) OBJECTS.computeIfAbsent(object, known -> known);
    }

    /** Of what a set says of its claims, all that differs between two sets of one name. */
    private static String begunWith(StatefulSet set) {
        var claims = set.getSpec().getVolumeClaimTemplates();
        return claims.isEmpty()
                ? ""
                : claims.getFirst().getMetadata().getAnnotations().get(Annotations.METADATA_VERSION)
                        + claims.stream()
                                .map(claim -> VolumeChanges.requested(claim).toString())
                                .toList();
    }

    /** All that a blueprint may look at, and nothing else, or nothing would ever be asked twice. */
    private static String question(KafkaCluster cluster, Inventory inventory) {
        var parts = new TreeSet<String>();
        var names = new HashSet<String>();
        for (var set : inventory.statefulSets()) {
            names.add(set.getMetadata().getName());
            var annotations = set.getMetadata().getAnnotations();
            parts.add(set.getMetadata().getName() + " " + set.getSpec().getReplicas() + " "
                    + set.getSpec().getOrdinals().getStart() + annotations.get(Annotations.SPEC_HASH)
                    + annotations.get(Annotations.DYNAMIC_CONFIG)
                    + annotations.get(Annotations.CONTROLLERS)
                    + annotations.get(Annotations.FORMED)
                    + annotations.getOrDefault(Annotations.LAST_GOOD, "-").hashCode()
                    + annotations.get(Annotations.FAILED_TRIAL)
                    + annotations.get(Annotations.SHARELESS)
                    + annotations.get(Annotations.REBALANCE_REQUEST)
                    + annotations.get(Annotations.RELIEVED)
                    + annotations.get(Annotations.DEPARTED)
                    + annotations.get(Annotations.STOPPED)
                    + Intent.podSpec(set).orElse("").hashCode()
                    + begunWith(set));
        }
        parts.addAll(disksWithoutSet(inventory, names));
        parts.add(MetadataRecord.of(inventory).toString());
        inventory
                .identity()
                .ifPresentOrElse(map -> parts.add(map.getData().toString()), () -> parts.addAll(evidence(inventory)));
        return cluster.getMetadata().getUid()
                + cluster.getMetadata().getAnnotations().get(VARIANT)
                + parts;
    }

    /** How far the disks of each set go that is to be made again. */
    private static List<String> disksWithoutSet(Inventory inventory, Set<String> names) {
        var last = new TreeMap<String, Integer>();
        for (var claim : inventory.claims()) {
            var set = claim.getMetadata().getLabels().get(Labels.SET);
            if (!names.contains(set)) {
                var name = claim.getMetadata().getName();
                last.merge(set, Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)), Math::max);
            }
        }
        return last.entrySet().stream().map(Object::toString).toList();
    }

    /** What is left of an identity that is lost. */
    private static Set<String> evidence(Inventory inventory) {
        return Stream.concat(inventory.statefulSets().stream(), inventory.claims().stream())
                .map(object -> object.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.FORMED) + annotations.get(Annotations.CONTROLLERS))
                .collect(Collectors.toSet());
    }
}
