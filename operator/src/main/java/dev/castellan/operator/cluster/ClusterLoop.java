package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.operator.cluster.act.StepExecutor;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.cluster.observe.ClusterObserver;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.RefusedResize;
import dev.castellan.operator.cluster.plan.ClusterPlan;
import dev.castellan.operator.cluster.plan.Step;
import dev.castellan.operator.cluster.plan.Step.FinaliseMetadataVersion;
import dev.castellan.operator.cluster.plan.Step.GrowVolume;
import dev.castellan.operator.cluster.plan.Step.Held;
import dev.castellan.operator.cluster.plan.Step.MakeNodeSetAgain;
import dev.castellan.operator.cluster.plan.Step.MarkFormed;
import dev.castellan.operator.cluster.plan.Step.ReconfigureDynamically;
import dev.castellan.operator.cluster.plan.Step.ResizeNode;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.cluster.plan.UpgradeRules;
import dev.castellan.operator.cluster.report.ClusterStatus;
import dev.castellan.operator.cluster.report.DiskNews;
import dev.castellan.operator.cluster.report.StallNews;
import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kube.Agents;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Kube;
import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.kube.KubeDenied;
import dev.castellan.operator.kube.KubeRejected;
import dev.castellan.operator.kube.NamespaceLeaving;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One reconcile of one KafkaCluster over the two ports. It decides twice: by a glance at caches, which costs next to
 * nothing, and, where that shows something to do, again from live reads; only the second decision is acted upon.
 */
public final class ClusterLoop {
    private static final Duration SETTLED = Duration.ofMinutes(1);
    private static final Duration STALLED = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration ASK_ANOTHER = Duration.ofSeconds(1);
    private static final Duration TAKEN_IN = Duration.ofSeconds(1);

    private final KnownIntents intents;
    private final ClusterObserver observer;
    private final Refusals refusals;
    private final AskedCordons cordons;
    private final LatelyAsked lately;

    public ClusterLoop(Blueprint blueprint, KnownRevisions revisions, Agents agents, Clock clock) {
        this.intents = new KnownIntents(blueprint);
        this.observer = new ClusterObserver(revisions, agents, clock);
        this.refusals = new Refusals(clock);
        this.cordons = new AskedCordons(clock);
        this.lately = new LatelyAsked(clock);
    }

    /**
     * @param status to be written unless the resource has it already
     * @param recheck when to look again if no event comes before; zero: at once
     */
    public record Reconciled(Step step, int writes, KafkaClusterStatus status, Duration recheck) {}

    public Reconciled reconcile(KafkaCluster cluster, Kube kube, KafkaAdmin kafka) {
        var reconciled = bringForward(cluster, kube, kafka);
        StallNews.of(cluster.getStatus(), reconciled.status())
                .ifPresent(news -> kube.event(EventType.Warning, "Stalled", news));
        DiskNews.of(cluster.getStatus(), reconciled.status()).forEach(news -> tell(news, kube));
        return reconciled;
    }

    private static void tell(DiskNews.News news, Kube kube) {
        if (news.isFull()) {
            kube.event(EventType.Warning, "DiskFull", news.words());
        } else {
            kube.event(EventType.Warning, "DiskFailed", news.words());
        }
    }

    private Reconciled bringForward(KafkaCluster cluster, Kube kube, KafkaAdmin kafka) {
        var glance = decide(cluster, observer.glance(cluster.getMetadata().getName(), kube), kube, kafka);
        if (!mayAct(cluster, glance.step())) {
            return report(cluster, glance, 0);
        }
        var decision = decide(cluster, observer.live(cluster.getMetadata().getName(), kube), kube, kafka);
        if (!mayAct(cluster, decision.step())) {
            return report(cluster, decision, 0);
        }
        return act(cluster, decision, kube, kafka);
    }

    private Reconciled act(KafkaCluster cluster, Decision decision, Kube kube, KafkaAdmin kafka) {
        intents.forget(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        cordons.remember(key(cluster), decision.step());
        try {
            int writes =
                    new StepExecutor(kube, kafka).execute(decision.step(), decision.intent(), decision.inventory());
            return report(cluster, decision, writes);
        } catch (KafkaRejected e) {
            return refused(cluster, decision, e, kube, kafka);
        } catch (KafkaUnavailable e) {
            return failed(cluster, decision, e, kube, kafka);
        } catch (NamespaceLeaving e) {
            return report(cluster, decision.with(namespaceLeaving(cluster)), 0);
        } catch (KubeRejected e) {
            return refused(cluster, decision, e, kube, kafka);
        }
    }

    /** Only Kafka knows whether it takes a value, or a level; what it refuses is for the user to mend, and no failure of ours. */
    private Reconciled refused(
            KafkaCluster cluster, Decision decision, KafkaRejected refusal, Kube kube, KafkaAdmin kafka) {
        switch (decision.step()) {
            case ReconfigureDynamically change
            when change.isTrial() -> {
                return report(cluster, decision.with(anotherBroker(change, refusal)), 0);
            }
            case ReconfigureDynamically change ->
                refusals.remember(
                        key(cluster), decision.intent().dynamic().orElseThrow(), change, refusal.getMessage());
            case FinaliseMetadataVersion finalise -> refusals.remember(key(cluster), finalise, refusal.getMessage());
            default -> {
                return failed(cluster, decision, refusal, kube, kafka);
            }
        }
        return report(cluster, decide(cluster, decision.inventory(), kube, kafka), 0);
    }

    /** What may fail for long, as nobody knows why, is left for a while, and all else goes on. */
    private Reconciled failed(
            KafkaCluster cluster, Decision decision, RuntimeException failure, Kube kube, KafkaAdmin kafka) {
        if (!lately.remember(key(cluster), decision.step(), failure.getMessage())) {
            throw failure;
        }
        return report(cluster, decide(cluster, decision.inventory(), kube, kafka), 0);
    }

    private Reconciled refused(
            KafkaCluster cluster, Decision decision, KubeRejected refusal, Kube kube, KafkaAdmin kafka) {
        switch (decision.step()) {
            case GrowVolume growth -> remember(cluster, decision, growth, refusal);
            case ResizeNode resize -> remember(cluster, decision, resize, refusal, kube);
            default -> throw refusal;
        }
        var next = decide(cluster, decision.inventory(), kube, kafka);
        // Others of its kind are asked for at once, or the status would tell of one after the other for ever.
        return next.step().kind().equals(decision.step().kind())
                ? act(cluster, next, kube, kafka)
                : report(cluster, next, 0);
    }

    /** The API server knows best which volumes may grow, and who asks it needs no permission to read StorageClasses. */
    private void remember(KafkaCluster cluster, Decision decision, GrowVolume step, KubeRejected refusal) {
        var storageClass = decision.inventory().claims().stream()
                .filter(claim -> claim.getMetadata().getName().equals(step.claim()))
                .findFirst()
                .map(claim -> claim.getSpec().getStorageClassName());
        refusals.remember(key(cluster), step, storageClass, refusal.getMessage());
    }

    /**
     * Whatever stands in the way of a pod that runs, an API server that knows nothing of it among others, a restart brings it about; but
     * not if it would be the end of the pod.
     */
    private void remember(KafkaCluster cluster, Decision decision, ResizeNode step, KubeRejected refusal, Kube kube) {
        var pod = decision.inventory().pod(step.pod()).orElseThrow();
        var denial = refusal instanceof KubeDenied ? Optional.of(refusal.getMessage()) : Optional.<String>empty();
        var refused = new RefusedResize(pod.getMetadata().getUid(), step.changes());
        if (refusals.remember(key(cluster), refused, denial) && denial.isEmpty()) {
            kube.event(EventType.Warning, "ResizeTakesRestart", refusal.getMessage() + "; it takes a restart");
        }
    }

    /** For good: what is lacking is not made again, and all else goes too. */
    private static Wait namespaceLeaving(KafkaCluster cluster) {
        return new Wait(
                "namespace %s is being deleted, and nothing is made there any more"
                        .formatted(cluster.getMetadata().getNamespace()),
                SETTLED);
    }

    private static Wait anotherBroker(ReconfigureDynamically step, KafkaRejected refusal) {
        return new Wait(step.reason() + "; a broker refuses, another is asked: " + refusal.getMessage(), ASK_ANOTHER);
    }

    /** To be called when a KafkaCluster is gone. */
    public void forget(String namespace, String name) {
        observer.forget(namespace, name);
        intents.forget(namespace, name);
        refusals.forget(namespace + "/" + name);
        cordons.forget(namespace + "/" + name);
        lately.forget(namespace + "/" + name);
    }

    private Decision decide(KafkaCluster cluster, Inventory inventory, Kube kube, KafkaAdmin kafka) {
        var wish = intents.of(cluster, inventory);
        var wanted = refusals.of(key(cluster), wish)
                .map(refusal -> Standing.intent(wish, inventory, refusal))
                .orElse(wish);
        var observed = observer.observe(wanted, inventory, kube, kafka, refusals.resizes(key(cluster)))
                .with(
                        refusals.growth(key(cluster)),
                        refusals.metadataVersions(key(cluster)),
                        cordons.of(key(cluster)),
                        lately.of(key(cluster)));
        var intent = wanted.with(wanted.quorum().asRolesAllow(observed::mayVote, observed::isBroker));
        return new Decision(intent, inventory, observed, ClusterPlan.next(intent, observed));
    }

    private static String key(KafkaCluster cluster) {
        return cluster.getMetadata().getNamespace() + "/"
                + cluster.getMetadata().getName();
    }

    /**
     * A pause does not keep the founding open: until it is marked, a lost disk would found a second cluster. Nor a StatefulSet
     * away: until it is back, no pod that is lost would be made again.
     */
    private static boolean mayAct(KafkaCluster cluster, Step step) {
        return step.acts() && (!isPaused(cluster) || step instanceof MarkFormed || step instanceof MakeNodeSetAgain);
    }

    private static boolean isPaused(KafkaCluster cluster) {
        var annotations = cluster.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(Annotations.PAUSE));
    }

    private static Reconciled report(KafkaCluster cluster, Decision decision, int writes) {
        var status = isPaused(cluster)
                ? ClusterStatus.paused(cluster, decision.intent(), decision.observed(), decision.step())
                : ClusterStatus.of(cluster, decision.intent(), decision.observed(), decision.step());
        var recheck = Stream.of(
                        recheck(cluster, decision.step(), writes),
                        restless(status, decision.observed().now()),
                        UpgradeRules.remaining(decision.intent(), decision.observed())
                                .orElse(SETTLED))
                .min(Comparator.naturalOrder());
        return new Reconciled(decision.step(), writes, status, recheck.orElseThrow());
    }

    /** What is degraded mends itself in seconds, or for long not at all, and Kafka has no events: asked ever more rarely. */
    private static Duration restless(KafkaClusterStatus status, Instant now) {
        return status.conditions.stream()
                .filter(condition -> condition.getType().equals("Degraded"))
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .map(since -> Duration.between(since, now).dividedBy(4))
                .map(wait -> wait.compareTo(SOON) < 0 ? SOON : wait)
                .findFirst()
                .orElse(SETTLED);
    }

    private static Duration recheck(KafkaCluster cluster, Step step, int writes) {
        if (step instanceof ReconfigureDynamically && !isPaused(cluster)) {
            return TAKEN_IN; // or a broker that has not would be asked what is set
        }
        if (step.acts() && !isPaused(cluster)) {
            return writes > 0 ? Duration.ZERO : Duration.ofSeconds(1);
        }
        return switch (step) {
            case Wait wait -> wait.recheck();
            case Held held -> held.recheck();
            case Stall stall -> STALLED;
            default -> SETTLED;
        };
    }

    private record Decision(Intent intent, Inventory inventory, ObservedCluster observed, Step step) {
        Decision with(Step other) {
            return new Decision(intent, inventory, observed, other);
        }
    }
}
