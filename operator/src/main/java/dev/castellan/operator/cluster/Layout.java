package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.NodeSet.Role;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which sets of nodes a cluster has, how many nodes each, and which ids are theirs. It never holds fewer nodes than
 * run now, though some of them may be about to leave, or all of a set whose pool or zone the spec no longer has; never
 * another id for a node or a disk that exists; and no broker that is a controller too ever leaves: what of the spec it
 * does not follow for that is in heldBack.
 *
 * @param sets brokers first, then dedicated controllers, then those that the spec no longer has, of which there may be no
 *     more than disks
 */
public record Layout(List<NodeSet> sets, List<HeldBack> heldBack) {
    private static final Pattern ID = Pattern.compile("\\d{1,9}");

    /** The controllers are those who founded the cluster; none for a new one. */
    public static Layout of(
            ClusterSpec spec,
            List<Integer> controllers,
            List<StatefulSet> live,
            Collection<PersistentVolumeClaim> claims) {
        return new Making(spec, controllers, live, claims).layout();
    }

    /** Sizes of the parts when so many nodes are spread evenly: the first parts get one more. */
    static int[] spread(int nodes, int parts) {
        return IntStream.range(0, parts)
                .map(part -> nodes / parts + (part < nodes % parts ? 1 : 0))
                .toArray();
    }

    /** Brokers were the first controllers, whoever votes now. */
    boolean isFoundedBy(List<Integer> founders) {
        return !founders.isEmpty()
                && founders.stream()
                        .allMatch(id -> setOf(id).filter(NodeSet::isBroker).isPresent());
    }

    public int brokers() {
        return sets.stream()
                .filter(NodeSet::isBroker)
                .mapToInt(NodeSet::replicas)
                .sum();
    }

    public Optional<NodeSet> setOf(int nodeId) {
        return sets.stream().filter(set -> set.owns(nodeId)).findFirst();
    }

    /** A set as the spec alone would have it. */
    private record Wanted(NodePool pool, Optional<String> zone, String name, int replicas, int staying) {}

    private static final class Making {
        private final ClusterSpec spec;
        private final List<Integer> controllers;
        private final SortedMap<String, StatefulSet> live = new TreeMap<>();
        private final SortedMap<String, Integer> ranges = new TreeMap<>();
        private final SortedMap<String, Integer> disks = new TreeMap<>();
        private final SortedSet<String> brokersDisks = new TreeSet<>();
        private final List<HeldBack> heldBack = new ArrayList<>();

        Making(
                ClusterSpec spec,
                List<Integer> controllers,
                List<StatefulSet> live,
                Collection<PersistentVolumeClaim> claims) {
            this.spec = spec;
            this.controllers = controllers;
            live.forEach(set -> this.live.put(set.getMetadata().getName(), set));
            live.forEach(set -> ranges.put(set.getMetadata().getName(), start(set)));
            // Disks come last, since they know best: somebody may have changed the ids of a StatefulSet by hand.
            claims.forEach(this::rememberRange);
        }

        Layout layout() {
            var wanted = spec.allPools().stream().flatMap(this::wanted).toList();
            var names = wanted.stream().map(Wanted::name).toList();
            var gone = live.values().stream()
                    .filter(set -> !names.contains(set.getMetadata().getName()))
                    .map(this::gone)
                    .toList();
            var left = brokersDisks.stream()
                    .filter(name -> !names.contains(name) && !live.containsKey(name))
                    .map(this::left);
            wanted.forEach(set -> ranges.computeIfAbsent(set.name(), name -> lowestFreeRange()));
            var sized = Stream.of(wanted.stream().map(this::grownToWhatExists), gone.stream(), left)
                    .flatMap(sets -> sets)
                    .toList();
            int brokers = sized.stream()
                    .filter(set -> set.pool().role() == Role.broker)
                    .mapToInt(Wanted::replicas)
                    .sum();
            return new Layout(sized.stream().map(set -> set(set, brokers)).toList(), List.copyOf(heldBack));
        }

        private Stream<Wanted> wanted(NodePool pool) {
            if (pool.zones().isEmpty()) {
                return Stream.of(wanted(pool, Optional.empty(), pool.replicas()));
            }
            var sizes = spread(pool.replicas(), pool.zones().size());
            return IntStream.range(0, sizes.length)
                    .mapToObj(i -> wanted(pool, Optional.of(pool.zones().get(i)), sizes[i]));
        }

        private Wanted wanted(NodePool pool, Optional<String> zone, int replicas) {
            return new Wanted(pool, zone, Names.statefulSet(spec.name(), pool.name(), zone), replicas, replicas);
        }

        /** A set that runs though the spec has no such pool or zone any more: until all its brokers may go. */
        private Wanted gone(StatefulSet set) {
            var name = set.getMetadata().getName();
            var labels = labels(set);
            var pool = spec.allPools().stream()
                    .filter(declared -> declared.name().equals(labels.get(Labels.POOL)))
                    .findFirst()
                    .orElseGet(() -> undeclared(labels, StorageSpec.asItStands(set)));
            var reason = whyKept(name, pool.role());
            reason.ifPresent(kept -> heldBack.add(new HeldBack(name, kept)));
            int running = Stopped.nodes(set);
            return new Wanted(
                    pool, Optional.ofNullable(labels.get(Labels.ZONE)), name, running, reason.isEmpty() ? 0 : running);
        }

        /** Of one that has gone there are disks, and in Kafka brokers too, should somebody have taken it away too early. */
        private Wanted left(String name) {
            var none = new StorageSpec(false, true, List.of(), Optional.empty());
            return new Wanted(undeclared(Map.of(), none), Optional.empty(), name, 0, 0);
        }

        /** It stays as it is, whatever the spec says of others. */
        private NodePool undeclared(Map<String, String> labels, StorageSpec storage) {
            var like = spec.pools().getFirst();
            return new NodePool(
                    labels.getOrDefault(Labels.POOL, like.name()),
                    labels.containsKey(Labels.CONTROLLER) ? Role.controller : Role.broker,
                    0,
                    List.of(),
                    storage,
                    like.resources(),
                    like.jvm(),
                    like.template(),
                    like.declared());
        }

        private Optional<String> whyKept(String set, Role role) {
            var voters = controllers.stream()
                    .filter(id -> isOf(set, id))
                    .map(String::valueOf)
                    .toList();
            if (role == Role.broker ? voters.isEmpty() : isDismissed(role)) {
                return Optional.empty();
            }
            if (role == Role.controller && spec.controllers().isEmpty()) {
                return Optional.of(
                        "the nodes of " + set + " are no longer in the spec, but they are kept: they founded the"
                                + " quorum, and to move it to brokers that did not comes with a later version; put spec.controllers"
                                + " back");
            }
            return Optional.of("the nodes of " + set + " are no longer in the spec, but they are kept: "
                    + (role == Role.controller
                            ? "they are controllers of the quorum"
                            : String.join(", ", voters)
                                    + (voters.size() == 1 ? " is a controller" : " are controllers")
                                    + " of the quorum too")
                    + ", which cannot be removed yet; put the pool or zone back");
        }

        private boolean isOf(String set, int nodeId) {
            int first = ranges.get(set);
            return nodeId >= first && nodeId < first + NodeSet.RANGE;
        }

        /** Brokers founded the quorum, and are to be its controllers again. */
        private boolean isDismissed(Role role) {
            return role == Role.controller && spec.controllers().isEmpty() && areBrokers(controllers);
        }

        /** Of sets that the spec has, or that run without it. */
        private boolean areBrokers(List<Integer> founders) {
            var sets = Stream.concat(
                            spec.pools().stream().flatMap(this::wanted).map(Wanted::name),
                            live.values().stream()
                                    .filter(set -> !labels(set).containsKey(Labels.CONTROLLER))
                                    .map(set -> set.getMetadata().getName()))
                    .filter(ranges::containsKey)
                    .toList();
            return !founders.isEmpty()
                    && founders.stream().allMatch(id -> sets.stream().anyMatch(set -> isOf(set, id)));
        }

        private Wanted grownToWhatExists(Wanted set) {
            // A StatefulSet that was deleted is made again for all its disks, or that would be a scale-down unseen.
            // Nor does a quorum form without its founders.
            int first = ranges.get(set.name());
            int founders = controllers.stream()
                    .filter(id -> isOf(set.name(), id))
                    .mapToInt(id -> id - first + 1)
                    .max()
                    .orElse(0);
            int running = Optional.ofNullable(live.get(set.name()))
                    .map(Stopped::nodes)
                    .orElse(Math.max(founders, disks.getOrDefault(set.name(), 0)));
            int voting =
                    set.pool().role() == Role.broker ? founders : 0; // dedicated controllers can give up their votes
            int least = Math.max(set.replicas(), voting);
            int replicas = Math.max(least, running);
            if (least > set.replicas()) {
                heldBack.add(new HeldBack(
                        set.name(),
                        "%s keeps %d nodes instead of %d: node %d %s, which cannot be removed yet;"
                                        .formatted(
                                                set.name(),
                                                least,
                                                set.replicas(),
                                                first + voting - 1,
                                                spec.controllers().isEmpty()
                                                        ? "is a controller of the quorum"
                                                        : "founded the quorum")
                                + " set the number back"));
            }
            return new Wanted(set.pool(), set.zone(), set.name(), replicas, least);
        }

        private NodeSet set(Wanted set, int brokers) {
            var pool = set.pool();
            var recorded = Optional.ofNullable(live.get(set.name()))
                    .map(HasMetadata::getMetadata)
                    .map(meta -> annotations(meta.getAnnotations()).get(Annotations.SPEC_HASH));
            var relieved = relieved(set);
            boolean asksDedicated =
                    pool.role() == Role.broker && spec.controllers().isPresent() && areBrokers(controllers);
            var hash = specHash(pool, brokers, asksDedicated, relieved);
            return new NodeSet(
                    set.name(),
                    pool.name(),
                    set.zone(),
                    pool.role(),
                    set.replicas(),
                    set.staying(),
                    ranges.get(set.name()),
                    pool.storage(),
                    pool.resources(),
                    pool.jvm(),
                    pool.template(),
                    asksDedicated,
                    relieved,
                    pool.storage().isAsItStands() ? recorded.orElse("") : hash);
        }

        /**
         * The number of brokers counts only as far as it changes the number of replicas that Kafka may ask for; and roles, as
         * far as they are others than at the founding.
         */
        private static String specHash(NodePool pool, int brokers, boolean asksDedicated, List<Integer> relieved) {
            var words = Replication.of(brokers).factor() + " " + pool.declared();
            return CanonicalJson.hash(asksDedicated ? words + " without " + relieved : words);
        }

        private List<Integer> relieved(Wanted set) {
            return set.pool().role() == Role.broker && spec.controllers().isPresent()
                    ? Optional.ofNullable(live.get(set.name()))
                            .map(Relieved::of)
                            .orElse(List.of())
                    : List.of();
        }

        private void rememberRange(PersistentVolumeClaim claim) {
            var labels = labels(claim);
            var set = labels.get(Labels.SET);
            var first = labels.get(Labels.FIRST_NODE_ID);
            if (set != null && first != null && ID.matcher(first).matches()) {
                ranges.put(set, Integer.parseInt(first));
                if (labels.containsKey(Labels.BROKER)) {
                    brokersDisks.add(set);
                }
                rememberDisk(set, Integer.parseInt(first), claim.getMetadata().getName());
            }
        }

        /** The claim of a node ends in the pod's name, and that in its id. */
        private void rememberDisk(String set, int first, String claim) {
            var id = claim.substring(claim.lastIndexOf('-') + 1);
            if (ID.matcher(id).matches() && claim.endsWith("-" + set + "-" + id)) {
                disks.merge(set, Integer.parseInt(id) - first + 1, Math::max);
            }
        }

        private static int start(StatefulSet set) {
            return Optional.ofNullable(set.getSpec().getOrdinals())
                    .map(ordinals -> ordinals.getStart())
                    .orElse(0);
        }

        private int lowestFreeRange() {
            return IntStream.iterate(0, first -> first + NodeSet.RANGE)
                    .filter(first -> !ranges.containsValue(first))
                    .findFirst()
                    .orElseThrow();
        }

        private static Map<String, String> labels(HasMetadata object) {
            return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
        }

        private static Map<String, String> annotations(Map<String, String> annotations) {
            return Objects.requireNonNullElse(annotations, Map.of());
        }
    }
}
