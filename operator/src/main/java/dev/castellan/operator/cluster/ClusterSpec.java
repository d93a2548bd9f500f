package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.kube.Owner;
import dev.castellan.operator.placement.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a user declared of a cluster, with every default applied and nothing null.
 *
 * @param pools of brokers, the unnamed one first
 * @param controllers empty: brokers are controllers too
 * @param config the user's own Kafka properties, without defaults of ours
 */
public record ClusterSpec(
        String namespace,
        String name,
        Owner owner,
        String version,
        Optional<String> image,
        List<NodePool> pools,
        Optional<NodePool> controllers,
        List<ListenerSpec> listeners,
        SortedMap<String, String> config,
        Rollout rollout,
        Upgrade upgrade,
        Pace pace,
        Healing healing,
        boolean hibernates) {

    /** What became of a user's spec. */
    public sealed interface Resolved {}

    public record Valid(ClusterSpec spec) implements Resolved {}

    public record Invalid(List<Problem> problems) implements Resolved {
        /** All problems, for a condition. */
        public String message() {
            return String.join("; ", problems.stream().map(Problem::message).toList());
        }
    }

    public static Resolved resolve(KafkaCluster cluster) {
        return SpecResolution.of(cluster);
    }

    /** As much of it as the pods of a set are made from: the rest is the set's, comes as Kafka's properties, or is no pod's. */
    public ClusterSpec ofPods() {
        return new ClusterSpec(
                namespace,
                name,
                new Owner(name, ""),
                version,
                image,
                List.of(),
                Optional.empty(),
                listeners,
                new TreeMap<>(),
                Rollout.AT_ONCE,
                new Upgrade(Optional.empty(), Duration.ZERO),
                pace,
                Healing.NONE,
                false);
    }

    /** The same with brokers that are controllers too. */
    ClusterSpec withoutControllers() {
        return new ClusterSpec(
                namespace,
                name,
                owner,
                version,
                image,
                pools,
                Optional.empty(),
                listeners,
                config,
                rollout,
                upgrade,
                pace,
                healing,
                hibernates);
    }

    /** Brokers and controllers, in the order in which they are given node ids. */
    public List<NodePool> allPools() {
        return Stream.concat(pools.stream(), controllers.stream()).toList();
    }

    /** The name under which all nodes reach a node of this cluster. */
    public String hostOf(String pod) {
        return Names.nodeHost(pod, namespace);
    }
}
