package dev.castellan.operator.topic.forecast;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.kafka.TopicTrial;
import dev.castellan.operator.topic.TopicRef;
import dev.castellan.operator.topic.TopicRound;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicTerms;
import dev.castellan.operator.topic.report.TopicStanding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a cluster's topics when manifests are applied. The operator's own rounds decide, as they would; only what
 * they write is imagined. So it cannot foretell anything but what then happens, unless others act in between.
 */
public final class TopicForecast {
    /** For so long, of imagined time, nothing more becomes of those that are waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final List<String> GONE = List.of("- not declared any more; the topic stays as it is");

    private final ClusterKey cluster;
    private final DeclaredTopics kube;
    private final ImaginedTopics kafka;
    private Instant now;

    /**
     * What becomes of one KafkaTopic.
     *
     * @param changes in Kafka, a line each; none: it is as declared
     * @param problem why it does not come to be as declared
     */
    public record Outlook(TopicRef ref, String topicName, List<String> changes, Optional<String> problem) {}

    private TopicForecast(ClusterKey cluster, DeclaredTopics kube, ImaginedTopics kafka, Instant now) {
        this.cluster = cluster;
        this.kube = kube;
        this.kafka = kafka;
        this.now = now;
    }

    /**
     * Of the topics of one cluster, those that manifests name first; pruned ones follow.
     *
     * @param live KafkaTopics that are there
     * @param manifests KafkaTopics that are applied
     * @param prune those that are there and that no manifest names are deleted
     * @param now of the clock
     */
    public static List<Outlook> of(
            ClusterKey cluster,
            ClusterFacts facts,
            TopicTerms terms,
            Collection<KafkaTopic> live,
            Collection<KafkaTopic> manifests,
            boolean prune,
            TopicAdmin kafka,
            TopicTrial trial,
            Instant now) {
        var declared = Applied.to(live, manifests, prune, now);
        var forecast = new TopicForecast(
                cluster, new DeclaredTopics(facts, terms, declared), new ImaginedTopics(kafka, trial), now);
        var named = manifests.stream().map(TopicRef::of).toList();
        var concerned = declared.stream()
                .filter(topic -> topic.isMarkedForDeletion() || named.contains(TopicRef.of(topic)))
                .sorted(Comparator.comparing(KafkaTopic::isMarkedForDeletion))
                .toList();
        forecast.comeToRest(concerned.stream().map(TopicRef::of).toList());
        return concerned.stream().map(forecast::outlook).toList();
    }

    private void comeToRest(Collection<TopicRef> topics) {
        var clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
        var round = new TopicRound(cluster, kube, () -> kafka, clock, requests -> requests.forEach(Runnable::run));
        var due = new HashSet<>(topics);
        var end = now.plus(PATIENCE);
        while (!due.isEmpty() && now.isBefore(end)) {
            int changes = kafka.changes();
            var again = round.run(due);
            again.values().stream().min(Comparator.naturalOrder()).ifPresent(wait -> now = now.plus(wait));
            due = new HashSet<>(again.keySet());
            if (kafka.changes() > changes) {
                end = now.plus(PATIENCE);
            }
        }
    }

    private Outlook outlook(KafkaTopic topic) {
        var ref = TopicRef.of(topic);
        var name = TopicSpec.nameInKafka(topic);
        var changes = Changes.between(kafka.before(name), kafka.after(name));
        var then = kube.get(ref);
        if (then.isEmpty()) {
            return new Outlook(ref, name, changes.isEmpty() ? GONE : changes, Optional.empty());
        }
        return new Outlook(ref, name, isOf(then.get(), name) ? changes : List.of(), problem(then.get()));
    }

    /** Of several that declare a topic one has it. */
    private boolean isOf(KafkaTopic then, String name) {
        var owned = Optional.ofNullable(then.getStatus()).map(status -> status.topicId);
        return owned.isPresent()
                && owned.equals(kafka.after(name).map(details -> details.topic().topicId()));
    }

    private static Optional<String> problem(KafkaTopic topic) {
        return TopicStanding.ready(topic.getStatus())
                .map(ready -> "True".equals(ready.getStatus())
                        ? Optional.<String>empty()
                        : Optional.of(ready.getReason() + ": " + ready.getMessage()))
                .orElse(Optional.of("nothing could be decided"));
    }
}
