package dev.castellan.operator.cluster;

import dev.castellan.api.KafkaVersions;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.ClusterSpec.Invalid;
import dev.castellan.operator.cluster.ClusterSpec.Valid;
import dev.castellan.operator.cluster.KnownIdentity.Contradiction;
import dev.castellan.operator.cluster.KnownIdentity.Recorded;
import dev.castellan.operator.cluster.desired.DesiredCluster;
import dev.castellan.operator.cluster.desired.Installation;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What should stand by the user's spec; and by what stands, where the spec cannot be followed. */
public final class SpecBlueprint implements Blueprint {
    private static final Stall TOO_EARLY = new Stall(
            StallReason.ScaleDownNotSupported,
            ("the quorum stays with the brokers for now: before metadata.version %s Kafka never forgets that they were controllers,"
                            + " which would keep upgrades from being finalised; dedicated controllers come when the cluster is"
                            + " upgraded to it, or take spec.controllers out")
                    .formatted(MetadataRecord.FORGETTING));

    private final Installation installation;
    private final KnownRevisions revisions;
    private final Supplier<String> ids;

    /** @param ids each call a new random id in Kafka's base64 form */
    public SpecBlueprint(Installation installation, KnownRevisions revisions, Supplier<String> ids) {
        this.installation = installation;
        this.revisions = revisions;
        this.ids = ids;
    }

    @Override
    public Intent of(KafkaCluster cluster, Inventory inventory) {
        var known = KnownIdentity.of(
                cluster.getMetadata().getName(),
                inventory.identity().stream().toList(),
                inventory.statefulSets(),
                inventory.claims());
        if (known instanceof Contradiction(String reason)) {
            var stall = new Stall(StallReason.ContradictoryIdentity, reason);
            return Standing.intent(cluster, inventory, known, stall);
        }
        return switch (ClusterSpec.resolve(cluster)) {
            case Valid(ClusterSpec spec) -> {
                var layout = layout(spec, inventory, known);
                yield MetadataRecord.refusal(spec, inventory)
                        .or(() -> refusal(spec, layout, inventory))
                        .or(() -> foundersMissing(layout, known))
                        .map(stall -> Standing.intent(cluster, inventory, known, stall))
                        .orElseGet(() -> intent(spec, layout, inventory, known));
            }
            case Invalid invalid ->
                Standing.intent(cluster, inventory, known, new Stall(StallReason.InvalidSpec, invalid.message()));
        };
    }

    private static Layout layout(ClusterSpec spec, Inventory inventory, KnownIdentity known) {
        var controllers = known.known().map(Identity::controllers).orElse(List.of());
        return Layout.of(spec, controllers, inventory.statefulSets(), inventory.claims());
    }

    private static Optional<Stall> refusal(ClusterSpec spec, Layout layout, Inventory inventory) {
        var coming = layout.sets().stream()
                .filter(set -> inventory.statefulSet(set.name()).isEmpty())
                .toList();
        return ListenerProblems.ofNew(spec, coming)
                .map(problem -> new Stall(StallReason.InvalidSpec, problem.message()));
    }

    /** Who founds the quorum is on record before the first of them is there; without most of them there will be none. */
    private static Optional<Stall> foundersMissing(Layout layout, KnownIdentity known) {
        return known.known().filter(identity -> !identity.formed()).flatMap(identity -> {
            var missing = identity.controllers().stream()
                    .filter(id -> layout.setOf(id).isEmpty())
                    .map(String::valueOf)
                    .toList();
            return missing.isEmpty()
                            || missing.size() * 2 < identity.controllers().size()
                    ? Optional.empty()
                    : Optional.of(new Stall(
                            StallReason.InvalidSpec,
                            "the spec was changed before the nodes were there that are to found the quorum (%s): put back"
                                            .formatted(String.join(", ", missing))
                                    + " spec.controllers, or the zones, that they come from, or delete this KafkaCluster and"
                                    + " make it again"));
        });
    }

    private Intent intent(ClusterSpec spec, Layout layout, Inventory inventory, KnownIdentity known) {
        if (movesQuorum(spec, layout, inventory, known)) {
            var combined = spec.withoutControllers();
            if (!known.known().map(Identity::formed).orElse(false)) {
                return intent(
                        combined, layout(combined, inventory, known), inventory, known); // first there must be one
            }
            if (!canForget(inventory)) {
                return intent(combined, layout(combined, inventory, known), inventory, known)
                        .and(TOO_EARLY);
            }
        }
        var identity = known.known().orElseGet(() -> Identity.founded(spec, layout, ids));
        var desired = DesiredCluster.of(spec, identity, layout, inventory.statefulSets(), installation, revisions);
        var record = desired.supporting().stream()
                .filter(object -> isIdentity(spec, object))
                .map(ConfigMap.class::cast)
                .findFirst()
                .map(map -> MetadataRecord.onto(map, inventory, first(spec, identity)));
        return new Intent(
                spec.namespace(),
                spec.name(),
                identity,
                record,
                known instanceof Recorded,
                desired.quorum(),
                desired.sets(),
                // Never applied: a stale look would turn formed back to false.
                desired.supporting().stream()
                        .filter(object -> !isIdentity(spec, object))
                        .toList(),
                byName(desired.statefulSets()),
                ListenerAddresses.of(spec),
                refusals(desired, inventory),
                spec.rollout(),
                Optional.of(desired.dynamic()),
                Optional.of(spec.upgrade()),
                desired.failed(),
                Optional.of(spec.pace()),
                Optional.of(spec.healing()),
                spec.hibernates() && Stopped.mayBe(layout.sets()));
    }

    /** To dedicated controllers, of which there are none yet. */
    private static boolean movesQuorum(ClusterSpec spec, Layout layout, Inventory inventory, KnownIdentity known) {
        return spec.controllers().isPresent()
                && layout.isFoundedBy(known.known().map(Identity::controllers).orElse(List.of()))
                && inventory.statefulSets().stream()
                        .noneMatch(set -> set.getMetadata().getLabels().containsKey(Labels.CONTROLLER));
    }

    /** Otherwise it would end half-way: brokers cannot give up what Kafka cannot forget that they were. */
    private static boolean canForget(Inventory inventory) {
        return MetadataRecord.of(inventory)
                .filter(level -> KafkaVersions.BY_LEVEL.compare(level, MetadataRecord.FORGETTING) >= 0)
                .isPresent();
    }

    private static Optional<String> first(ClusterSpec spec, Identity identity) {
        return identity.formed() ? Optional.empty() : Optional.of(KafkaVersions.metadataVersion(spec.version()));
    }

    private static boolean isIdentity(ClusterSpec spec, HasMetadata object) {
        return object instanceof ConfigMap && object.getMetadata().getName().equals(Names.identity(spec.name()));
    }

    private static Map<String, StatefulSet> byName(List<StatefulSet> sets) {
        var byName = new LinkedHashMap<String, StatefulSet>();
        sets.forEach(set -> byName.put(set.getMetadata().getName(), set));
        return byName;
    }

    private static List<Stall> refusals(DesiredCluster desired, Inventory inventory) {
        return Stream.concat(
                        desired.heldBack().stream()
                                .map(held -> new Stall(StallReason.ScaleDownNotSupported, held.reason())),
                        desired.sets().stream()
                                .flatMap(set -> VolumeChanges.refusal(set, inventory.statefulSet(set.name())).stream()))
                .toList();
    }
}
