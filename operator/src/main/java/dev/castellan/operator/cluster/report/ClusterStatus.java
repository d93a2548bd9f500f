package dev.castellan.operator.cluster.report;

import dev.castellan.api.KafkaVersions;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.HealthStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.PlanStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.QuorumStatus;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.GrowingVolume;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.observe.Partitions;
import dev.castellan.operator.cluster.plan.FullRules;
import dev.castellan.operator.cluster.plan.Outdated;
import dev.castellan.operator.cluster.plan.ResizeRules;
import dev.castellan.operator.cluster.plan.Roll;
import dev.castellan.operator.cluster.plan.Step;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.Held;
import dev.castellan.operator.cluster.plan.Step.Hibernating;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.UpgradeRules;
import dev.castellan.operator.kafka.Quorum.Replica;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Facts in, status out. Pure; the same facts give the same status, and nothing in it changes by time alone. */
public final class ClusterStatus {
    /** Told whatever else is mended meanwhile, since that does not lead to what is declared. */
    private static final Set<StallReason> AT_ONCE =
            EnumSet.of(StallReason.InvalidSpec, StallReason.ConfigRefused, StallReason.TrialFailed);

    private final KafkaCluster cluster;
    private final Intent intent;
    private final ObservedCluster observed;
    private final Step step;
    private final boolean paused;
    private final KafkaClusterStatus before;
    private final Health health;

    /** Whether clients were served at any time before; only then is anything lost. */
    private final boolean served;

    /** It has slept, and has not served anybody since. */
    private final boolean resumes;

    private ClusterStatus(KafkaCluster cluster, Intent intent, ObservedCluster observed, Step step, boolean paused) {
        this.cluster = cluster;
        this.intent = intent;
        this.observed = observed;
        this.step = step;
        this.paused = paused;
        this.before = Optional.ofNullable(cluster.getStatus()).orElseGet(KafkaClusterStatus::new);
        this.health = Health.of(intent, observed);
        this.resumes = !intent.hibernates() && hasHibernated(before);
        this.served = !resumes && !intent.hibernates() && hasServed(before);
    }

    public static KafkaClusterStatus of(KafkaCluster cluster, Intent intent, ObservedCluster observed, Step step) {
        return new ClusterStatus(cluster, intent, observed, step, false).status();
    }

    /** Of a paused cluster: the facts, and that nothing is done. Its generation is not taken for seen. */
    public static KafkaClusterStatus paused(KafkaCluster cluster, Intent intent, ObservedCluster observed, Step step) {
        return new ClusterStatus(cluster, intent, observed, step, true).status();
    }

    private KafkaClusterStatus status() {
        var status = new KafkaClusterStatus();
        var kafka =
                observed.kafka() instanceof Reachable reachable ? Optional.of(reachable) : Optional.<Reachable>empty();
        status.observedGeneration = generation();
        status.conditions = conditions();
        status.clusterId = clusterId();
        status.version = version();
        status.metadataVersion = kafka.map(Reachable::metadataVersion).orElse(before.metadataVersion);
        status.replicas = (int) observed.nodes().stream()
                .filter(node -> node.isBroker() && node.pod().isPresent())
                .count();
        status.selector = new TreeMap<>(Labels.brokers(intent.name()))
                .entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(","));
        status.brokers = BrokerStatuses.of(intent, observed, before.brokers);
        status.quorum = kafka.map(this::quorum).orElse(null);
        status.plan = plan();
        status.listeners = intent.listeners();
        status.health = health.partitions().map(ClusterStatus::health).orElse(null);
        return status;
    }

    private long generation() {
        return paused
                ? Optional.ofNullable(before.observedGeneration).orElse(-1L)
                : Optional.ofNullable(cluster.getMetadata().getGeneration()).orElse(0L);
    }

    /** Until it is on record it is a proposal, another one with each look. */
    private String clusterId() {
        return intent.identityStored() && !intent.identity().clusterId().isEmpty()
                ? intent.identity().clusterId()
                : before.clusterId;
    }

    private List<Condition> conditions() {
        var conditions = new Conditions(before.conditions, generation(), observed.now());
        if (step instanceof Hibernating) {
            conditions.add("Hibernating", "True", Reason.Hibernating.name(), step.reason());
        } else {
            ready(conditions);
        }
        progress(conditions);
        degraded(conditions);
        if (!paused && step instanceof Held held) {
            conditions.add("Held", "True", held.why().name(), held.reason());
        }
        if (paused) {
            conditions.add(
                    "Paused",
                    "True",
                    Reason.PausedByAnnotation.name(),
                    "nothing is done until the annotation castellan.dev/pause is taken away");
        }
        return conditions.list();
    }

    /**
     * Stalled or Reconciling, never both: kstatus takes either for the whole truth. A spec that cannot be followed is
     * what a person has to act on, so it wins; what is mended meanwhile is in the plan.
     */
    private void progress(Conditions conditions) {
        var stall = stall();
        if (stall.isPresent()) {
            conditions.add(
                    "Stalled", "True", stall.get().why().name(), stall.get().reason());
        } else if (!paused && !(step instanceof Done || step instanceof Held || step instanceof Hibernating)) {
            conditions.add("Reconciling", "True", step.kind(), step.reason());
        }
    }

    private void ready(Conditions conditions) {
        var refusal = paused ? Optional.<Stall>empty() : refusal();
        if (refusal.isPresent()) {
            conditions.add(
                    "Ready", "False", refusal.get().why().name(), refusal.get().reason());
        } else if (intent.hibernates()) {
            conditions.add("Ready", "False", Reason.Hibernating.name(), step.reason());
        } else if (health.serves() && (served || resumes || health.isWhole())) {
            conditions.add("Ready", "True", Reason.Serving.name(), "clients are served");
        } else if (resumes) {
            conditions.add("Ready", "False", Reason.Resuming.name(), step.reason());
        } else if (!served) {
            conditions.add("Ready", "False", Reason.Creating.name(), step.reason());
        } else if (health.seemsToServe() && health.partitions().isEmpty()) {
            conditions.add("Ready", "Unknown", Reason.KafkaUnreachable.name(), step.reason());
        } else {
            conditions.add("Ready", "False", Reason.NotServing.name(), step.reason());
        }
    }

    /** A spec that cannot be followed stays so, whatever else is being mended meanwhile. */
    private Optional<Stall> refusal() {
        return step instanceof Stall stall ? Optional.of(stall) : intent.refusal();
    }

    private Optional<Stall> stall() {
        if (paused) {
            return Optional.empty();
        }
        return step instanceof Stall ? refusal() : refusal().filter(stall -> AT_ONCE.contains(stall.why()));
    }

    private void degraded(Conditions conditions) {
        var partitions = health.partitions().orElse(new Partitions(0, 0, 0));
        var stuck = stuck();
        if (partitions.offline() > 0) {
            degraded(conditions, Reason.PartitionsOffline, partitions.offline() + " partitions have no leader");
        } else if (partitions.underMinIsr() > 0) {
            degraded(
                    conditions,
                    Reason.PartitionsUnderMinIsr,
                    partitions.underMinIsr() + " partitions have too few replicas in sync to be written with acks=all");
        } else if (!observed.failedDisks().isEmpty()) {
            degraded(conditions, Reason.DisksFailed, disks());
        } else if (!observed.fullDisks().isEmpty()) {
            degraded(conditions, Reason.DisksFull, full());
        } else if (!health.down().isEmpty() && served) {
            degraded(conditions, Reason.NodesDown, titles(health.down()) + " not in service");
        } else if (!observed.hangingDisks().isEmpty()) {
            degraded(conditions, Reason.DisksHanging, hangingDisks());
        } else if (partitions.underReplicated() > 0) {
            degraded(
                    conditions,
                    Reason.PartitionsUnderReplicated,
                    partitions.underReplicated() + " partitions have replicas that are not in sync");
        } else if (!stuck.isEmpty()) {
            degraded(conditions, Reason.VolumesAlmostFull, String.join(", ", stuck) + ": raise max");
        }
    }

    private List<String> stuck() {
        return observed.growing().stream()
                .filter(GrowingVolume::isStuck)
                .map(volume -> "%s is more than %d%% full, and may not become larger than storage.autoGrow.max %s"
                        .formatted(
                                volume.title(),
                                volume.growth().at(),
                                volume.growth().max()))
                .toList();
    }

    private String full() {
        var full = observed.fullDisks().stream()
                .map(disk -> FullRules.words(disk, observed))
                .collect(Collectors.joining("; "));
        var others = health.down().stream()
                .filter(node -> observed.fullDisk(node).isEmpty())
                .toList();
        return others.isEmpty() ? full : full + "; " + titles(others) + " not in service";
    }

    private static String titles(Collection<ObservedNode> nodes) {
        return nodes.stream().map(ObservedNode::title).collect(Collectors.joining(", "));
    }

    private String disks() {
        return observed.nodes().stream()
                .flatMap(node ->
                        observed.failedDisk(node).map(disk -> "disk " + disk.words() + " of " + node.title()).stream())
                .collect(Collectors.joining(", ", "", " does not serve"));
    }

    private String hangingDisks() {
        return observed.nodes().stream()
                .filter(node -> observed.hangingDisks().containsKey(node.id()))
                .map(node ->
                        "disk " + String.join(", ", observed.hangingDisks().get(node.id())) + " of " + node.title())
                .collect(Collectors.joining(
                        "; ",
                        "",
                        " does not answer, and is kept, since it may yet: mend the storage, and all goes on"));
    }

    private static void degraded(Conditions conditions, Reason reason, String message) {
        conditions.add("Degraded", "True", reason.name(), message);
    }

    private static boolean hasServed(KafkaClusterStatus before) {
        return Optional.ofNullable(before.conditions).orElse(List.of()).stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .anyMatch(condition -> "True".equals(condition.getStatus())
                        || (before.metadataVersion != null
                                && !Reason.Creating.name().equals(condition.getReason())));
    }

    /** What has never served anybody is created, not resumed. */
    private static boolean hasHibernated(KafkaClusterStatus before) {
        return before.metadataVersion != null
                && Optional.ofNullable(before.conditions).orElse(List.of()).stream()
                        .anyMatch(condition -> condition.getType().equals("Hibernating")
                                || Reason.Hibernating.name().equals(condition.getReason())
                                || Reason.Resuming.name().equals(condition.getReason()));
    }

    private PlanStatus plan() {
        var plan = new PlanStatus();
        plan.step = paused ? "Paused" : step.kind();
        plan.reason = paused ? "the annotation castellan.dev/pause is set" : step.reason();
        var next = next();
        plan.next = next.isEmpty() ? null : next;
        plan.hash = observed.planHash().orElse(null);
        return plan;
    }

    private List<String> next() {
        if (intent.failed().isPresent()) {
            return List.of(); // nothing, before the spec is another
        }
        var resizes = ResizeRules.outlook(intent, observed, step).stream();
        if (observed.kafka() instanceof Reachable kafka) {
            var rounds = Roll.of(intent, observed, kafka).after(step);
            return Stream.of(resizes, rounds.stream(), UpgradeRules.outlook(intent, observed).stream())
                    .flatMap(lines -> lines)
                    .toList();
        }
        return Stream.concat(resizes, Outdated.nodes(observed).stream().map(node -> "restart " + node.title()))
                .toList();
    }

    /** The lowest, so that it does not rise before all nodes run the new one. */
    private String version() {
        return observed.nodes().stream()
                .flatMap(node -> node.version().stream())
                .distinct()
                .min(KafkaVersions.BY_NUMBER)
                .orElse(before.version);
    }

    private QuorumStatus quorum(Reachable kafka) {
        var quorum = new QuorumStatus();
        quorum.leader = kafka.quorum().leaderId();
        quorum.voters = ids(kafka.quorum().voters());
        // A leader lists a replaced disk of a voter, and who has left, for minutes more, which tells nobody anything.
        quorum.observers = ids(kafka.quorum().observers()).stream()
                .filter(id -> !quorum.voters.contains(id) && observed.node(id).isPresent())
                .toList();
        return quorum;
    }

    private static List<Integer> ids(List<Replica> replicas) {
        return replicas.stream().map(Replica::nodeId).distinct().sorted().toList();
    }

    private static HealthStatus health(Partitions partitions) {
        var health = new HealthStatus();
        health.offline = partitions.offline();
        health.underMinIsr = partitions.underMinIsr();
        health.underReplicated = partitions.underReplicated();
        return health;
    }
}
