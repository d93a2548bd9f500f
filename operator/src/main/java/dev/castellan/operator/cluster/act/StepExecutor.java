package dev.castellan.operator.cluster.act;

import dev.castellan.operator.cluster.Departed;
import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.Ports;
import dev.castellan.operator.cluster.Relieved;
import dev.castellan.operator.cluster.Stopped;
import dev.castellan.operator.cluster.Successor;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.cluster.plan.Step;
import dev.castellan.operator.cluster.plan.Step.AddVoter;
import dev.castellan.operator.cluster.plan.Step.ApplyNodeSets;
import dev.castellan.operator.cluster.plan.Step.ApplyObjects;
import dev.castellan.operator.cluster.plan.Step.CordonBrokers;
import dev.castellan.operator.cluster.plan.Step.CreateIdentity;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.ElectLeaders;
import dev.castellan.operator.cluster.plan.Step.FinaliseMetadataVersion;
import dev.castellan.operator.cluster.plan.Step.GrowVolume;
import dev.castellan.operator.cluster.plan.Step.Held;
import dev.castellan.operator.cluster.plan.Step.Hibernating;
import dev.castellan.operator.cluster.plan.Step.LowerNodeSet;
import dev.castellan.operator.cluster.plan.Step.MakeNodeSetAgain;
import dev.castellan.operator.cluster.plan.Step.MarkClaims;
import dev.castellan.operator.cluster.plan.Step.MarkDrained;
import dev.castellan.operator.cluster.plan.Step.MarkFormed;
import dev.castellan.operator.cluster.plan.Step.MarkRelieved;
import dev.castellan.operator.cluster.plan.Step.MarkShareless;
import dev.castellan.operator.cluster.plan.Step.MoveReplicas;
import dev.castellan.operator.cluster.plan.Step.RaiseThrottle;
import dev.castellan.operator.cluster.plan.Step.ReconfigureDynamically;
import dev.castellan.operator.cluster.plan.Step.RecordAwake;
import dev.castellan.operator.cluster.plan.Step.RecordBootstrap;
import dev.castellan.operator.cluster.plan.Step.RecordMetadataVersion;
import dev.castellan.operator.cluster.plan.Step.RecordTrialFailure;
import dev.castellan.operator.cluster.plan.Step.RecordTrialSuccess;
import dev.castellan.operator.cluster.plan.Step.RemoveLeftovers;
import dev.castellan.operator.cluster.plan.Step.RemoveVoter;
import dev.castellan.operator.cluster.plan.Step.ReplaceDisk;
import dev.castellan.operator.cluster.plan.Step.ReplaceNode;
import dev.castellan.operator.cluster.plan.Step.ReplaceNodeSet;
import dev.castellan.operator.cluster.plan.Step.ResizeNode;
import dev.castellan.operator.cluster.plan.Step.RestartNodes;
import dev.castellan.operator.cluster.plan.Step.SetClaimOwner;
import dev.castellan.operator.cluster.plan.Step.SetDisruptionBudget;
import dev.castellan.operator.cluster.plan.Step.SetThrottle;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StartNodes;
import dev.castellan.operator.cluster.plan.Step.StopNodes;
import dev.castellan.operator.cluster.plan.Step.TakeBackMoves;
import dev.castellan.operator.cluster.plan.Step.UncordonBrokers;
import dev.castellan.operator.cluster.plan.Step.UnregisterBroker;
import dev.castellan.operator.cluster.plan.Step.UnregisterController;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.cluster.plan.Step.WakeStatefulSet;
import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Kube;
import dev.castellan.operator.kube.Kube.Applied.Foreign;
import dev.castellan.operator.kube.Kube.Applied.Leaving;
import dev.castellan.operator.kube.Kube.Applied.Written;
import dev.castellan.operator.kube.Kube.EventType;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the one step that was decided upon, to the very objects that it was decided upon. */
public final class StepExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(StepExecutor.class);

    private final Kube kube;
    private final KafkaAdmin kafka;

    public StepExecutor(Kube kube, KafkaAdmin kafka) {
        this.kube = kube;
        this.kafka = kafka;
    }

    /**
     * @param seen the live objects that the decision was taken upon
     * @return how many writes it took
     */
    public int execute(Step step, Intent intent, Inventory seen) {
        if (step.acts()) {
            LOG.info("{}: {}", step.kind(), step.reason());
        }
        return switch (step) {
            case Wait wait -> 0;
            case Held held -> 0;
            case Stall stall -> 0;
            case Hibernating hibernating -> 0;
            case Done done -> 0;
            case CreateIdentity create -> kube.create(create.identity()) ? 1 : 0;
            case MarkFormed formed -> markFormed(formed, intent);
            case RecordBootstrap record -> apply(List.of(intent.identityRecord().orElseThrow()));
            case MarkClaims mark ->
                claims(mark.claims(), seen, claim -> kube.annotate(claim, Annotations.FORMED, "true"));
            case SetClaimOwner owner -> claims(owner.claims(), seen, claim -> kube.setOwner(claim, owner.owned()));
            case ApplyObjects apply -> apply(apply.objects());
            case ApplyNodeSets apply ->
                apply(apply.names().stream().map(intent.statefulSets()::get).toList());
            case GrowVolume grow -> grow(grow, seen);
            case ReplaceNodeSet replace -> replace(replace, seen);
            case MakeNodeSetAgain again -> apply(List.of(again.successor()));
            case RecordTrialFailure trial -> recordFailure(trial, intent);
            case RecordTrialSuccess trial ->
                apply(trial.statefulSets().stream()
                        .map(name -> without(intent.statefulSets().get(name), Annotations.LAST_GOOD))
                        .toList());
            case StopNodes stop -> stop(stop, seen);
            case StartNodes start -> start(start, seen);
            case RecordAwake awake -> record(awake, seen);
            case WakeStatefulSet wake -> wake(wake, seen);
            case SetDisruptionBudget budget -> set(budget, seen);
            case RemoveVoter remove -> removeVoter(remove);
            case AddVoter add -> addVoter(add);
            case ReconfigureDynamically change -> reconfigure(change, seen);
            case RestartNodes restart -> restart(restart, seen);
            case ResizeNode resize -> resize(resize, seen);
            case ReplaceNode replace -> replace(replace, seen);
            case ReplaceDisk replace -> replace(replace, seen);
            case RecordMetadataVersion record -> record(record.metadataVersion(), record.on());
            case FinaliseMetadataVersion finalise -> finalise(finalise);
            case RemoveLeftovers leftovers -> remove(leftovers.objects());
            case MoveReplicas move -> new MoveActs(kafka).move(move);
            case TakeBackMoves back -> new MoveActs(kafka).takeBack(back);
            case SetThrottle throttle -> new MoveActs(kafka).throttle(throttle);
            case RaiseThrottle raise -> new MoveActs(kafka).raise(raise);
            case ElectLeaders elect -> elect(elect);
            case CordonBrokers cordon ->
                told("BrokersCordoned", cordon, new CordonActs(kafka).cordon(cordon.brokers()));
            case UncordonBrokers uncordon ->
                told("BrokersUncordoned", uncordon, new CordonActs(kafka).lift(uncordon.brokers()));
            case MarkDrained mark -> {
                kube.annotate(seen.statefulSet(mark.name()).orElseThrow(), Annotations.DRAINED, mark.mark());
                yield 1;
            }
            case MarkShareless mark -> {
                mark.sets()
                        .forEach((set, ids) ->
                                kube.annotate(seen.statefulSet(set).orElseThrow(), Annotations.SHARELESS, ids));
                yield mark.sets().size();
            }
            case MarkRelieved mark -> {
                mark.sets().forEach((set, ids) -> relieve(seen.statefulSet(set).orElseThrow(), ids));
                yield 2 * mark.sets().size();
            }
            case LowerNodeSet lower -> lower(lower, intent, seen);
            case UnregisterBroker broker -> unregister(broker);
            case UnregisterController controller -> unregister(controller, seen);
        };
    }

    private int markFormed(MarkFormed step, Intent intent) {
        int writes = apply(List.of(new ConfigMapBuilder(intent.identityRecord().orElseThrow())
                .addToData(Identity.FORMED, "true")
                .build()));
        kube.event(EventType.Normal, "QuorumFormed", step.reason());
        return writes;
    }

    /** The first that somebody else has taken meanwhile is seen and named by the next look. */
    private int apply(List<? extends HasMetadata> objects) {
        return (int) objects.stream()
                .filter(object -> kube.apply(object) instanceof Written)
                .count();
    }

    private int grow(GrowVolume step, Inventory seen) {
        int writes = claims(List.of(step.claim()), seen, claim -> kube.grow(claim, step.size()));
        kube.event(EventType.Normal, "VolumeGrown", step.reason());
        return writes;
    }

    /** The record comes first: from it the successor is made, whoever dies in between. */
    private int replace(ReplaceNodeSet step, Inventory seen) {
        var record = kube.apply(Successor.record(step.successor()));
        if (record instanceof Foreign || record instanceof Leaving) {
            return 0;
        }
        kube.orphan(seen.statefulSet(step.successor().getMetadata().getName()).orElseThrow());
        return 2;
    }

    private int recordFailure(RecordTrialFailure step, Intent intent) {
        return apply(List.of(new StatefulSetBuilder(intent.statefulSets().get(step.statefulSet()))
                .editMetadata()
                .addToAnnotations(Annotations.FAILED_TRIAL, step.failed().record())
                .endMetadata()
                .build()));
    }

    private static StatefulSet without(StatefulSet set, String annotation) {
        return new StatefulSetBuilder(set)
                .editMetadata()
                .removeFromAnnotations(annotation)
                .endMetadata()
                .build();
    }

    private int claims(List<String> names, Inventory seen, Consumer<PersistentVolumeClaim> write) {
        seen.claims().stream()
                .filter(claim -> names.contains(claim.getMetadata().getName()))
                .forEach(write);
        return names.size();
    }

    private int set(SetDisruptionBudget step, Inventory seen) {
        seen.budgets().stream()
                .filter(budget -> budget.getMetadata().getName().equals(step.name()))
                .forEach(budget -> kube.setMaxUnavailable(budget, step.pods()));
        return 1;
    }

    private int stop(StopNodes step, Inventory seen) {
        for (var name : step.statefulSets()) {
            var set = seen.statefulSet(name).orElseThrow();
            kube.scale(set, 0, Annotations.STOPPED, Optional.of(String.valueOf(Stopped.nodes(set))));
        }
        kube.event(EventType.Normal, "NodesStopped", step.reason());
        return step.statefulSets().size();
    }

    private int start(StartNodes step, Inventory seen) {
        for (var name : step.statefulSets()) {
            var set = seen.statefulSet(name).orElseThrow();
            int nodes = Stopped.nodes(set);
            kube.scale(set, nodes, Annotations.STOPPED, Optional.of(String.valueOf(nodes)));
        }
        kube.event(EventType.Normal, "NodesStarted", step.reason());
        return step.statefulSets().size();
    }

    private int record(RecordAwake step, Inventory seen) {
        for (var name : step.statefulSets()) {
            var set = seen.statefulSet(name).orElseThrow();
            kube.scale(set, set.getSpec().getReplicas(), Annotations.STOPPED, Optional.empty());
        }
        return step.statefulSets().size();
    }

    /** It does not sleep where no pod is made any more. */
    private int wake(WakeStatefulSet step, Inventory seen) {
        kube.tryCreate();
        kube.annotate(
                seen.statefulSet(step.name()).orElseThrow(),
                Annotations.WOKEN,
                step.now().truncatedTo(ChronoUnit.SECONDS).toString());
        kube.event(EventType.Normal, "StatefulSetWoken", step.reason());
        return 1;
    }

    private int removeVoter(RemoveVoter step) {
        kafka.removeVoter(step.nodeId(), step.directoryId());
        kube.event(EventType.Normal, "VoterRemoved", step.reason());
        return 1;
    }

    private int addVoter(AddVoter step) {
        kafka.addVoter(step.nodeId(), step.directoryId(), step.host(), Ports.CONTROLLER);
        kube.event(EventType.Normal, "VoterAdded", step.reason());
        return 1;
    }

    private int reconfigure(ReconfigureDynamically step, Inventory seen) {
        int writes = remember(
                step.claimed(), seen, set -> DynamicConfig.recorded(set).orElse(""));
        if (!step.set().isEmpty() || !step.unset().isEmpty()) {
            kafka.alterClusterConfig(new ConfigChange(step.set(), step.unset()));
            kube.event(EventType.Normal, "ConfigChanged", step.reason());
            writes++;
        }
        return writes + remember(step.owned(), seen, set -> DynamicConfig.record(step.claimed()));
    }

    private int remember(SortedSet<String> keys, Inventory seen, Function<StatefulSet, String> known) {
        var record = DynamicConfig.record(keys);
        var unaware = seen.statefulSets().stream()
                .filter(set -> !known.apply(set).equals(record))
                .toList();
        unaware.forEach(set -> kube.annotate(set, Annotations.DYNAMIC_CONFIG, record));
        return unaware.size();
    }

    private int restart(RestartNodes step, Inventory seen) {
        step.nodes().forEach(node -> {
            seen.pod(node.pod()).ifPresent(kube::delete);
            kube.event(EventType.Normal, "NodeRestarted", node.reason());
        });
        return step.nodes().size();
    }

    private int resize(ResizeNode step, Inventory seen) {
        kube.resize(seen.pod(step.pod()).orElseThrow(), step.resources());
        kube.event(EventType.Normal, "NodeResized", step.reason());
        return 1;
    }

    /** Claims first: the pod keeps them from being gone, so that whatever dies in between is repeated. */
    private int replace(ReplaceNode step, Inventory seen) {
        deleteClaims(step.claims(), seen);
        seen.pod(step.pod()).ifPresent(kube::deleteNow);
        kube.event(EventType.Warning, "NodeReplaced", step.reason());
        return step.claims().size() + 1;
    }

    /** In the same order. Its host lives: the process ends as it should, before another one runs on the disks that stay. */
    private int replace(ReplaceDisk step, Inventory seen) {
        deleteClaims(step.claims(), seen);
        seen.pod(step.pod()).ifPresent(kube::delete);
        kube.event(EventType.Warning, "DiskReplaced", step.reason());
        return step.claims().size() + 1;
    }

    private void deleteClaims(List<String> names, Inventory seen) {
        seen.claims().stream()
                .filter(claim -> names.contains(claim.getMetadata().getName()))
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                .forEach(kube::delete);
    }

    private int record(String metadataVersion, List<HasMetadata> on) {
        on.forEach(holder -> kube.annotate(holder, Annotations.METADATA_VERSION, metadataVersion));
        return on.size();
    }

    /** On record before it is done, for what follows cannot be taken back; but not if Kafka would reject it. */
    private int finalise(FinaliseMetadataVersion step) {
        kafka.finaliseMetadataVersion(step.metadataVersion(), true);
        int records = record(step.metadataVersion(), step.on());
        kafka.finaliseMetadataVersion(step.metadataVersion(), false);
        kube.event(EventType.Normal, "MetadataVersionFinalised", step.reason());
        return records + 1;
    }

    /** The only place at which a StatefulSet gets fewer replicas: only the one of which it was proved that they may go. */
    private int lower(LowerNodeSet step, Intent intent, Inventory seen) {
        var set = seen.statefulSet(step.name()).orElseThrow();
        var live = set.getSpec();
        int first = live.getOrdinals() == null ? 0 : live.getOrdinals().getStart();
        var leaving = IntStream.range(first + step.replicas(), first + live.getReplicas())
                .boxed()
                .toList();
        if (!step.proof().covers(leaving)) {
            throw new IllegalStateException("it is not proved of " + leaving + " that they hold nothing");
        }
        var lower = new StatefulSetBuilder(intent.statefulSets().get(step.name()))
                .editMetadata()
                .withResourceVersion(set.getMetadata().getResourceVersion())
                .endMetadata()
                .editSpec()
                .withReplicas(step.replicas())
                .endSpec()
                .build();
        Departed.with(leaving, set)
                .ifPresent(ids -> lower.getMetadata().getAnnotations().put(Annotations.DEPARTED, ids));
        int writes = apply(List.of(lower));
        kube.event(EventType.Normal, "NodesRemoved", step.reason());
        return writes;
    }

    /** First who is to be forgotten: as long as they are controllers yet, that is of no consequence. */
    private void relieve(StatefulSet set, List<Integer> ids) {
        kube.annotate(set, Annotations.DEPARTED, Departed.mark(ids));
        kube.annotate(set, Annotations.RELIEVED, Relieved.mark(ids));
    }

    private int unregister(UnregisterController step, Inventory seen) {
        kafka.unregisterController(step.nodeId());
        kube.annotate(seen.statefulSet(step.statefulSet()).orElseThrow(), Annotations.DEPARTED, step.stillKnown());
        kube.event(EventType.Normal, "ControllerUnregistered", step.reason());
        return 2;
    }

    private int told(String event, Step step, int writes) {
        if (writes > 0) {
            kube.event(EventType.Normal, event, step.reason());
        }
        return writes;
    }

    /** It writes nothing where Kafka elects nobody: so it is asked again, but not at once. */
    private int elect(ElectLeaders step) {
        return told(
                "LeadersElected",
                step,
                MoveActs.done(kafka.elect(step.partitions())).size());
    }

    private int unregister(UnregisterBroker step) {
        kafka.unregisterBroker(step.nodeId());
        kube.event(EventType.Normal, "BrokerUnregistered", step.reason());
        return 1;
    }

    private int remove(List<HasMetadata> objects) {
        objects.forEach(kube::delete);
        return objects.size();
    }
}
