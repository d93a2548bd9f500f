package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.PodTemplate;
import dev.castellan.operator.cluster.KnownIdentity.Rebuilt;
import dev.castellan.operator.cluster.NodeSet.Role;
import dev.castellan.operator.cluster.WantedQuorum.Controller;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.kube.Owner;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What should stand where the spec cannot be followed: what stands. StatefulSets keep their pods by themselves, and the
 * quorum is still mended; nothing is restarted.
 */
final class Standing {
    private Standing() {}

    static Intent intent(KafkaCluster cluster, Inventory inventory, KnownIdentity known, Stall refusal) {
        var sets = inventory.statefulSets().stream().map(Standing::nodeSet).toList();
        var founded = known.known().orElse(new Identity("", false, List.of()));
        var quorum =
                WantedQuorum.asItStands(founded, sets, cluster.getMetadata().getNamespace());
        return new Intent(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                founded,
                known.known()
                        .map(identity -> MetadataRecord.onto(
                                record(cluster, identity, withAbsent(quorum, identity, cluster, inventory)),
                                inventory,
                                Optional.empty())),
                !(known instanceof Rebuilt),
                quorum,
                sets,
                List.of(),
                Map.of(),
                Optional.ofNullable(cluster.getStatus())
                        .map(status -> status.listeners)
                        .orElse(List.of()),
                List.of(refusal),
                Rollout.AT_ONCE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                // Whatever else is wrong with the spec: asleep or awake, they stay as they were.
                Boolean.TRUE.equals(cluster.getSpec().hibernate) && Stopped.mayBe(sets));
    }

    /** Of a spec that is valid as far as could be told, but that Kafka itself refuses. */
    static Intent intent(Intent refused, Inventory inventory, Stall refusal) {
        return new Intent(
                refused.namespace(),
                refused.name(),
                refused.identity(),
                refused.identityRecord(),
                refused.identityStored(),
                refused.quorum(),
                inventory.statefulSets().stream().map(Standing::nodeSet).toList(),
                List.of(),
                Map.of(),
                refused.listeners(),
                List.of(refusal),
                Rollout.AT_ONCE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                refused.healing(),
                refused.hibernates());
    }

    private static NodeSet nodeSet(StatefulSet set) {
        var labels = set.getMetadata().getLabels();
        return new NodeSet(
                set.getMetadata().getName(),
                labels.getOrDefault(Labels.POOL, ""),
                Optional.ofNullable(labels.get(Labels.ZONE)),
                labels.containsKey(Labels.CONTROLLER) ? Role.controller : Role.broker,
                Stopped.nodes(set),
                Stopped.nodes(set),
                set.getSpec().getOrdinals() == null
                        ? 0
                        : set.getSpec().getOrdinals().getStart(),
                StorageSpec.asItStands(set),
                new ResourceRequirements(),
                new JvmSpec(0, List.of()),
                PodOverrides.of(new PodTemplate()),
                false,
                Relieved.of(set),
                Optional.ofNullable(set.getMetadata().getAnnotations())
                        .map(annotations -> annotations.get(Annotations.SPEC_HASH))
                        .orElse(""));
    }

    /**
     * Whom pods that start now are to ask for the leader. Controllers of whom nothing is left but their disks may come back, and
     * lead brokers that were made to know them: those ask nobody whom they were not told of when they started. The same goes for
     * brokers that founded the quorum.
     */
    private static WantedQuorum withAbsent(
            WantedQuorum quorum, Identity identity, KafkaCluster cluster, Inventory inventory) {
        var founders = identity.controllers();
        var absent = inventory.claims().stream()
                .filter(claim -> labels(claim).containsKey(Labels.SET)
                        && inventory.statefulSet(labels(claim).get(Labels.SET)).isEmpty())
                .flatMap(claim -> podName(claim)
                        .filter(pod ->
                                labels(claim).containsKey(Labels.CONTROLLER) || founders.contains(Names.nodeId(pod)))
                        .stream())
                .distinct()
                .map(pod -> new Controller(
                        Names.nodeId(pod),
                        Names.nodeHost(pod, cluster.getMetadata().getNamespace())));
        return new WantedQuorum(Stream.concat(quorum.voting().stream(), absent).toList(), quorum.leaving());
    }

    /** The claim of a node ends in it. */
    private static Optional<String> podName(PersistentVolumeClaim claim) {
        var end = Pattern.compile("-(" + Pattern.quote(labels(claim).get(Labels.SET)) + "-\\d{1,9})$")
                .matcher(claim.getMetadata().getName());
        return end.find() ? Optional.of(end.group(1)) : Optional.empty();
    }

    private static Map<String, String> labels(PersistentVolumeClaim claim) {
        return Objects.requireNonNullElse(claim.getMetadata().getLabels(), Map.of());
    }

    /** As the blueprint of a valid spec makes it: pods need it to start, whatever the spec says now. */
    private static ConfigMap record(KafkaCluster cluster, Identity identity, WantedQuorum quorum) {
        var name = cluster.getMetadata().getName();
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(Names.identity(name))
                .withNamespace(cluster.getMetadata().getNamespace())
                .withLabels(Labels.of(name))
                .withOwnerReferences(Owner.of(cluster).reference())
                .endMetadata()
                .withData(identity.data(quorum))
                .build();
    }
}
