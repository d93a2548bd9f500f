package dev.castellan.operator.cluster.observe;

import static dev.castellan.operator.cluster.observe.Resizing.State.NEEDS_RESTART;
import static java.util.stream.Collectors.toSet;

import dev.castellan.operator.cluster.DynamicKeys;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Shareless;
import dev.castellan.operator.cluster.Stopped;
import dev.castellan.operator.cluster.Successor;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.cluster.desired.PlanHash.Goal;
import dev.castellan.operator.cluster.desired.PodChanges;
import dev.castellan.operator.cluster.observe.ObservedCluster.Obstacle;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedKafka.Unreachable;
import dev.castellan.operator.cluster.observe.ObservedNode.Duty;
import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kube.Agents;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Kube;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.placement.Pace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Gathers the facts of a cluster: from caches for a glance, live ahead of every act. */
public final class ClusterObserver {
    private final Clock clock;
    private final TopicScans scans;
    private final KnownRevisions revisions;
    private final Absences absences = new Absences();
    private final LostHosts lostHosts = new LostHosts();
    private final FailedDisks failedDisks = new FailedDisks();
    private final Agents agents;

    /** In memory only: an operator that comes back waits anew before it takes silence for death. */
    private final Map<String, Instant> silentSince = new ConcurrentHashMap<>();

    public ClusterObserver(KnownRevisions revisions, Agents agents, Clock clock) {
        this.agents = agents;
        this.revisions = revisions;
        this.clock = clock;
        this.scans = new TopicScans(clock);
    }

    public Inventory glance(String cluster, Kube kube) {
        var configMaps = kube.list(ConfigMap.class);
        var identity = configMaps.stream()
                .filter(map -> map.getMetadata().getName().equals(Names.identity(cluster)))
                .findFirst();
        return inventory(cluster, false, kube, identity, configMaps, kube.list(Service.class));
    }

    public Inventory live(String cluster, Kube kube) {
        var identity = kube.getLive(ConfigMap.class, Names.identity(cluster));
        return inventory(cluster, true, kube, identity, kube.listLive(ConfigMap.class), kube.listLive(Service.class));
    }

    private Inventory inventory(
            String cluster,
            boolean live,
            Kube kube,
            Optional<ConfigMap> identity,
            List<ConfigMap> configMaps,
            List<Service> services) {
        var files = Stream.<HasMetadata>concat(configMaps.stream(), services.stream())
                .filter(kube::owns)
                .toList();
        var pods = list(kube, live, Pod.class);
        var sets =
                list(kube, live, StatefulSet.class).stream().filter(kube::owns).toList();
        return new Inventory(
                live,
                identity.filter(map -> isOurs(map, kube)),
                identity.flatMap(map -> obstacle(cluster, map, kube)),
                Successor.withAbsent(sets, files, pods, revisions::isOfSet),
                pods,
                list(kube, live, PersistentVolumeClaim.class),
                list(kube, live, PodDisruptionBudget.class).stream()
                        .filter(kube::owns)
                        .toList(),
                files);
    }

    private static <T extends HasMetadata> List<T> list(Kube kube, boolean live, Class<T> kind) {
        return live ? kube.listLive(kind) : kube.list(kind);
    }

    /** @param refused what the API server, asked before, does not change of pods that run; with a reason: nor would it let others have it */
    public ObservedCluster observe(
            Intent intent,
            Inventory inventory,
            Kube kube,
            KafkaAdmin kafka,
            Map<RefusedResize, Optional<String>> refused) {
        var nodes = nodes(intent, inventory, kube, refused);
        var unapplied = Stream.concat(intent.supporting().stream(), intent.statefulSets().values().stream())
                .filter(object -> !kube.isApplied(object))
                .toList();
        var obstacles = inventory.live()
                ? unapplied.stream()
                        .flatMap(object -> kube
                                .getLive(object.getClass(), object.getMetadata().getName())
                                .flatMap(found -> obstacle(intent.name(), found, kube))
                                .stream())
                        .toList()
                : List.<Obstacle>of();
        var asked = kafka(intent, nodes, kafka, inventory);
        var cluster = key(intent.namespace(), intent.name());
        var offline = OfflineDisks.of(nodes, asked.directories(), agents);
        var full = FullDisks.of(nodes, offline, inventory, clock.instant());
        return new ObservedCluster(
                clock.instant(),
                inventory,
                nodes,
                planHash(intent, nodes),
                unapplied,
                obstacles,
                asked.kafka(),
                asked.moves(),
                failedDisks.of(cluster, nodes, offline, inventory, clock.instant()),
                HangingDisks.of(nodes, agents, inventory),
                full,
                GrowingVolume.of(nodes, asked.directories(), full, inventory),
                Map.of(),
                Map.of(),
                Set.of(),
                List.of());
    }

    private Optional<String> planHash(Intent intent, List<ObservedNode> nodes) {
        return nodes.stream().anyMatch(ObservedNode::isOutdated)
                ? Optional.of(revisions.planHash(intent.sets().stream()
                        .map(set -> new Goal(set.name(), intent.podSpec(set)))
                        .toList()))
                : Optional.empty();
    }

    private List<ObservedNode> nodes(
            Intent intent, Inventory inventory, Kube kube, Map<RefusedResize, Optional<String>> refused) {
        var pods = new HashMap<String, Pod>();
        inventory.pods().forEach(pod -> pods.put(pod.getMetadata().getName(), pod));
        var missing = intent.sets().stream()
                .filter(set ->
                        inventory.statefulSet(set.name()).filter(Stopped::is).isEmpty())
                .flatMap(set -> set.nodeIds().stream().map(set::podName))
                .filter(pod -> !pods.containsKey(pod))
                .toList();
        var missingSince = absences.since(key(intent.namespace(), intent.name()), missing, clock.instant());
        var lost = lostHosts.of(key(intent.namespace(), intent.name()), intent, pods, inventory, kube, clock.instant());
        var leaving = inventory.claims().stream()
                .map(PersistentVolumeClaim::getMetadata)
                .filter(claim -> claim.getDeletionTimestamp() != null)
                .map(ObjectMeta::getName)
                .toList();
        var nodes = new ArrayList<ObservedNode>();
        for (var set : intent.sets()) {
            var wanted = intent.podSpec(set);
            set.nodeIds().forEach(id -> {
                var name = set.podName(id);
                var pod = Optional.ofNullable(pods.get(name));
                var changes = pod.flatMap(found -> changes(found, id, wanted));
                var refusal = pod.flatMap(found -> changes.map(
                                all -> new RefusedResize(found.getMetadata().getUid(), all.resizing())))
                        .map(refused::get);
                nodes.add(new ObservedNode(
                        id,
                        set,
                        pod,
                        Optional.ofNullable(missingSince.get(name)),
                        Optional.ofNullable(lost.get(id)),
                        leaving.stream()
                                .filter(claim -> claim.endsWith("-" + name))
                                .findFirst(),
                        duty(intent, inventory, set, id, pod),
                        pod.filter(revisions::asksDedicated).isPresent(),
                        refusal.flatMap(Resizing::denied).or(() -> pod.flatMap(Resizing::of)),
                        changes.map(found ->
                                refusal.filter(Optional::isEmpty).isPresent() ? found.withoutResize() : found)));
            });
        }
        return List.copyOf(nodes);
    }

    private Duty duty(Intent intent, Inventory inventory, NodeSet set, int id, Optional<Pod> pod) {
        if (!set.isBroker()) {
            return Duty.controller;
        }
        if (!intent.identity().controllers().contains(id)
                || pod.filter(found -> revisions.isRelieved(found, id)).isPresent()) {
            return Duty.none;
        }
        return inventory
                        .statefulSet(set.name())
                        .filter(live -> revisions.mayRelieve(live, id))
                        .isPresent()
                ? Duty.changing
                : Duty.controller;
    }

    /** @param wanted empty: it may stay as it is */
    private Optional<PodChanges> changes(Pod pod, int id, Optional<String> wanted) {
        var annotations = Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of());
        var made = annotations.getOrDefault(Annotations.POD_SPEC, "");
        if (wanted.isEmpty()) {
            return Optional.of(revisions.changes(made, made));
        }
        var held = revisions.held(pod);
        var changes = held.equals(wanted.get())
                ? Optional.<PodChanges>empty()
                : Optional.of(revisions.changes(held, wanted.get()).of(id));
        boolean isAsked =
                changes.map(PodChanges::fixed).filter(fixed -> !fixed.isEmpty()).isEmpty();
        // In vain: it is still what it was made from.
        return isAsked
                        && Resizing.of(pod)
                                .filter(r -> r.state() == NEEDS_RESTART)
                                .isPresent()
                ? Optional.of(revisions.changes(made, wanted.get()).of(id).withoutResize())
                : changes;
    }

    private static boolean isOurs(HasMetadata found, Kube kube) {
        return kube.owns(found) && found.getMetadata().getDeletionTimestamp() == null;
    }

    /** Told apart: what belongs to others, for the user to clear away, and what is on its way out, to be waited for. */
    private static Optional<Obstacle> obstacle(String cluster, HasMetadata found, Kube kube) {
        boolean leaving = found.getMetadata().getDeletionTimestamp() != null || isOfEarlierCluster(cluster, found);
        return isOurs(found, kube)
                ? Optional.empty()
                : Optional.of(new Obstacle(found.getKind(), found.getMetadata().getName(), leaving));
    }

    private static boolean isOfEarlierCluster(String cluster, HasMetadata found) {
        return found.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getKind().equals("KafkaCluster")
                        && owner.getName().equals(cluster));
    }

    /**
     * A broker that is ready has a quorum behind it and answers; without one, asking would only cost the deadline, and the
     * pod that becomes ready wakes us. But one that has been up for long is not taken for dead unasked.
     */
    private Asked kafka(Intent intent, List<ObservedNode> nodes, KafkaAdmin kafka, Inventory inventory) {
        var cluster = key(intent.namespace(), intent.name());
        boolean mayAnswer = nodes.stream()
                .filter(ObservedNode::isBroker)
                .anyMatch(node -> node.isReady() || node.isOverdue(clock.instant()));
        if (!mayAnswer) {
            return Asked.inVain("no broker is ready", Optional.empty());
        }
        try {
            var reachable = ask(cluster, intent, nodes, kafka, inventory);
            silentSince.remove(cluster);
            return reachable;
        } catch (KafkaUnavailable | KafkaRejected e) {
            var since = silentSince.computeIfAbsent(cluster, name -> clock.instant());
            return Asked.inVain("Kafka does not answer: " + e.getMessage(), Optional.of(since));
        }
    }

    private Asked ask(String cluster, Intent intent, List<ObservedNode> nodes, KafkaAdmin kafka, Inventory inventory) {
        var quorum = kafka.quorum();
        var brokers = kafka.brokers();
        var serving = brokers.stream()
                .filter(broker -> !broker.fenced())
                .map(Broker::nodeId)
                .collect(toSet());
        boolean isMoving = isMoving(intent, brokers, inventory);
        boolean isWeighed =
                isMoving || intent.pace().flatMap(Pace::whenSkewAbove).isPresent();
        var asked = serving.stream()
                .filter(id -> isWeighed || hasSeveralDisks(intent, inventory, id) || mayGrow(intent, id))
                .collect(toSet());
        var scan = scans.scan(cluster, kafka, inventory.live(), serving, asked, threads(intent, nodes), isMoving);
        var wanted = intent.identity().clusterId();
        return scan.clusterId().equals(wanted)
                ? new Asked(
                        new Reachable(
                                scan.metadataVersion(),
                                quorum,
                                brokers,
                                scan.topics(),
                                scan.config(),
                                scan.threads(),
                                uncordoned(scan.directories()),
                                scan.cordoned(),
                                scan.sizes(),
                                scan.asOf()),
                        scan.moves(),
                        scan.directories())
                : Asked.inVain(
                        "the brokers answer as cluster " + scan.clusterId() + ", not as " + wanted, Optional.empty());
    }

    private static Set<Integer> uncordoned(Map<Integer, Map<String, LogDirectory>> directories) {
        return directories.entrySet().stream()
                .filter(broker -> broker.getValue().values().stream().noneMatch(LogDirectory::cordoned))
                .map(Map.Entry::getKey)
                .collect(toSet());
    }

    /** Those that are declared or were; a cluster that goes by Kafka's own numbers is not asked. */
    private static Set<String> threads(Intent intent, List<ObservedNode> nodes) {
        return intent.dynamic().stream()
                .flatMap(wanted -> Stream.of(
                                wanted.owned().stream(),
                                wanted.properties().keySet().stream(),
                                nodes.stream()
                                        .flatMap(node -> node.changes().stream())
                                        .flatMap(changes -> changes.properties().keySet().stream()))
                        .flatMap(keys -> keys))
                .filter(DynamicKeys::isThreads)
                .filter(DynamicKeys.all()::contains)
                .collect(toSet());
    }

    /** Kafka may do without one of them. */
    private static boolean hasSeveralDisks(Intent intent, Inventory inventory, int broker) {
        return intent.sets().stream()
                .filter(set -> set.owns(broker))
                .flatMap(set -> inventory.statefulSet(set.name()).stream())
                .anyMatch(live -> live.getSpec().getVolumeClaimTemplates().size() > 1);
    }

    private static boolean mayGrow(Intent intent, int broker) {
        return intent.sets().stream()
                .anyMatch(set -> set.owns(broker) && set.storage().growth().isPresent());
    }

    private static boolean isMoving(Intent intent, List<Broker> brokers, Inventory inventory) {
        boolean isFilling = intent.pace().isPresent()
                && inventory.statefulSets().stream()
                        .anyMatch(set ->
                                !Shareless.toFill(set, intent.pace().get()).isEmpty());
        return isFilling
                || intent.sets().stream()
                        .anyMatch(set -> !set.leaving().isEmpty()
                                || brokers.stream().anyMatch(broker -> set.hasLost(broker.nodeId())));
    }

    private record Asked(
            ObservedKafka kafka, Optional<ObservedMoves> moves, Map<Integer, Map<String, LogDirectory>> directories) {
        static Asked inVain(String reason, Optional<Instant> since) {
            return new Asked(new Unreachable(reason, since), Optional.empty(), Map.of());
        }
    }

    /** To be called when a KafkaCluster is gone. */
    public void forget(String namespace, String name) {
        scans.forget(key(namespace, name));
        absences.forget(key(namespace, name));
        lostHosts.forget(key(namespace, name));
        failedDisks.forget(key(namespace, name));
        silentSince.remove(key(namespace, name));
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
