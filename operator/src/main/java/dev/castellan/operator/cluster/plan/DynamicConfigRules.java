package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.DynamicKeys;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.desired.PodChanges;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.DynamicChanges.NodeFile;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.cluster.plan.ThreadSteps.Broker;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What Kafka takes while it runs is told to it, and only then written where a node would start with it. */
final class DynamicConfigRules {
    private static final Duration RECHECK = Duration.ofSeconds(1);

    private DynamicConfigRules() {}

    static Optional<Step.ReconfigureDynamically> reconfigure(Intent intent, ObservedCluster observed) {
        return changes(intent, observed).flatMap(DynamicChanges::step);
    }

    /** It holds up nothing else: a step is not far from what was there before. */
    static Optional<Wait> await(Intent intent, ObservedCluster observed) {
        return changes(intent, observed).flatMap(DynamicChanges::waitsFor).map(reason -> new Wait(reason, RECHECK));
    }

    /**
     * A value that Kafka has not accepted yet must not get into the file of a node that may start at any time. Where no
     * broker runs there is nobody to ask, and a new value may be what cures them.
     */
    static boolean isUnproven(Intent intent, ObservedCluster observed, StatefulSet wanted) {
        if (!intent.identity().formed()) {
            return false;
        }
        return observed.kafka() instanceof Reachable
                ? changes(intent, observed).filter(DynamicChanges::isPending).isPresent()
                : !isBroken(observed)
                        && standing(observed, wanted).stream().anyMatch(standing -> differs(standing, wanted));
    }

    /** What nodes of the set start with as it stands; and where it is new, those of others, if there are any brokers to be asked. */
    private static List<StatefulSet> standing(ObservedCluster observed, StatefulSet wanted) {
        return observed.inventory()
                .statefulSet(wanted.getMetadata().getName())
                .map(List::of)
                .orElseGet(() -> brokers(observed).toList());
    }

    private static Stream<StatefulSet> brokers(ObservedCluster observed) {
        return observed.inventory().statefulSets().stream()
                .filter(set -> set.getMetadata().getLabels().containsKey(Labels.BROKER));
    }

    /** None of the brokers that there should be by now is ready, or on its way to be: nobody will ever answer. */
    private static boolean isBroken(ObservedCluster observed) {
        int pods =
                brokers(observed).mapToInt(set -> set.getSpec().getReplicas()).sum();
        // Where no set has any, as while the only one is made again, they are about to come.
        return pods > 0
                && observed.nodes().stream()
                                .filter(ObservedNode::isBroker)
                                .filter(node -> !node.isReady() && (node.isFailing() || node.isOverdue(observed.now())))
                                .count()
                        >= pods;
    }

    /** In anything that Kafka takes while it runs. */
    private static boolean differs(StatefulSet standing, StatefulSet wanted) {
        var before = Intent.podSpec(standing).orElse("");
        var after = Intent.podSpec(wanted).orElse("");
        if (before.equals(after)) {
            return false;
        }
        return PodChanges.between(before, after).hasDynamic();
    }

    private static Optional<DynamicChanges> changes(Intent intent, ObservedCluster observed) {
        return observed.kafka() instanceof Reachable kafka
                ? intent.dynamic()
                        .map(wanted -> DynamicChanges.of(
                                wanted,
                                kafka.config(),
                                files(wanted, observed, kafka),
                                brokers(observed, kafka),
                                isAnyAway(observed, kafka)))
                : Optional.empty();
    }

    /** Nobody waits for the word of one that Kubernetes has had for unready so long. */
    private static List<Broker> brokers(ObservedCluster observed, Reachable kafka) {
        return kafka.brokers().stream()
                .filter(broker -> !broker.fenced())
                .filter(broker -> kafka.threads().containsKey(broker.nodeId())
                        || observed.node(broker.nodeId())
                                .filter(node -> node.isOverdue(observed.now()))
                                .isEmpty())
                .map(broker -> new Broker(
                        observed.node(broker.nodeId()).map(ObservedNode::title).orElse("broker " + broker.nodeId()),
                        Optional.ofNullable(kafka.threads().get(broker.nodeId()))))
                .toList();
    }

    private static boolean isAnyAway(ObservedCluster observed, Reachable kafka) {
        return observed.nodes().stream().filter(ObservedNode::isBroker).anyMatch(node -> kafka.broker(node.id())
                .filter(broker -> !broker.fenced())
                .isEmpty());
    }

    /** A node on a host that is lost works with nothing: when it is back, it is told like all others. */
    private static List<NodeFile> files(DynamicConfig wanted, ObservedCluster observed, Reachable kafka) {
        return observed.nodes().stream()
                .filter(node -> node.pod().isPresent() && node.lostHost().isEmpty())
                .map(node -> file(node, wanted, isAsked(node, observed, kafka)))
                .distinct()
                .toList();
    }

    /** One that crashes again and again works with nothing either, nor one that hangs. */
    private static boolean isAsked(ObservedNode node, ObservedCluster observed, Reachable kafka) {
        boolean isInService =
                kafka.broker(node.id()).filter(broker -> !broker.fenced()).isPresent();
        return node.isBroker() && !node.isFailing() && (isInService || !node.isOverdue(observed.now()));
    }

    private static NodeFile file(ObservedNode node, DynamicConfig wanted, boolean isAsked) {
        return node.changes()
                .map(changes -> new NodeFile(isAsked, changes.version(), dynamic(changes.properties())))
                .orElseGet(() -> new NodeFile(isAsked, node.version().orElse(wanted.version()), wanted.properties()));
    }

    private static Map<String, String> dynamic(Map<String, String> properties) {
        var dynamic = new TreeMap<String, String>();
        properties.forEach((key, value) -> {
            if (DynamicKeys.all().contains(key)) {
                dynamic.put(key, value);
            }
        });
        return dynamic;
    }
}
