package dev.castellan.operator.topic;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.cluster.LookedAfter;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kafka.KafkaAdminPool;
import dev.castellan.operator.metrics.OperatorMetrics;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicSpec;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One worker a cluster, so that a cluster that does not answer slows no other. */
@Singleton
public class TopicWorkers {
    private static final Duration SCAN_INTERVAL = Duration.ofMinutes(2);
    private static final int KUBE_REQUESTS = 8;

    private final KubeTopics kube;
    private final KafkaAdminPool kafka;
    private final OperatorMetrics metrics;
    private final Clock clock;
    private final Map<ClusterKey, TopicWorker> workers = new ConcurrentHashMap<>();

    public TopicWorkers(KubeTopics kube, KafkaAdminPool kafka, OperatorMetrics metrics, Clock clock) {
        this.kube = kube;
        this.kafka = kafka;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Something about the KafkaTopic, its claim on a topic or its cluster may have changed. Others that claim the same
     * topic are looked at too: the claim may be theirs now.
     */
    public void wake(KafkaTopic topic) {
        TopicSpec.clusterOf(topic).ifPresent(cluster -> wake(topic, cluster));
    }

    private void wake(KafkaTopic topic, ClusterKey cluster) {
        var claimants = kube.claimants(cluster, TopicSpec.nameInKafka(topic)).stream()
                .map(TopicRef::of)
                .filter(claimant -> !claimant.equals(TopicRef.of(topic)));
        var woken = Stream.concat(Stream.of(TopicRef.of(topic)), claimants).toList();
        with(cluster, worker -> woken.forEach(worker::wake));
    }

    /**
     * A throttle outlives the KafkaTopic that it was set for, and the operator that set it: it is looked for where no KafkaTopic is
     * left too. Where there is none, that costs one request.
     */
    void lookAfter(@Observes LookedAfter one) {
        with(one.cluster(), TopicWorker::start);
    }

    /** Within the map's lock: a worker must not be let go between being found and being woken. */
    private void with(ClusterKey cluster, Consumer<TopicWorker> begin) {
        workers.compute(cluster, (key, known) -> {
            var worker = known == null ? worker(key) : known;
            begin.accept(worker);
            return worker;
        });
    }

    /** The clusters whose topics are looked after. */
    Set<ClusterKey> clusters() {
        return Set.copyOf(workers.keySet());
    }

    @PreDestroy
    void stop() {
        workers.values().forEach(TopicWorker::stop);
    }

    private TopicWorker worker(ClusterKey cluster) {
        var round = new TopicRound(cluster, kube, () -> kafka.of(cluster), clock, Together.atMost(KUBE_REQUESTS));
        return new TopicWorker(
                cluster,
                topics -> metrics.watched(() -> run(cluster, round, topics)),
                () -> all(cluster),
                clock,
                SCAN_INTERVAL);
    }

    private Map<TopicRef, Duration> run(ClusterKey cluster, TopicRound round, Collection<TopicRef> topics) {
        var again = round.run(topics);
        if (kube.cluster(cluster) instanceof ClusterFacts.Missing) {
            kafka.close(cluster);
            forgetUnlessClaimed(cluster);
        }
        return again;
    }

    private void forgetUnlessClaimed(ClusterKey cluster) {
        workers.computeIfPresent(
                cluster, (key, worker) -> all(cluster).isEmpty() && worker.stopIfIdle() ? null : worker);
    }

    private Collection<TopicRef> all(ClusterKey cluster) {
        return kube.ofCluster(cluster).stream().map(TopicRef::of).toList();
    }
}
