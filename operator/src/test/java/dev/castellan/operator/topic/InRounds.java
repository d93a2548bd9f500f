package dev.castellan.operator.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/** KafkaTopics, a Kafka, and the rounds that bring them together, by hand and without waiting. */
abstract class InRounds {

    final FakeClock clock = new FakeClock();
    final FakeKubeTopics kube = new FakeKubeTopics();
    final FakeTopicKafka kafka = new FakeTopicKafka();
    TopicRound round = newRound();
    final Map<TopicRef, Duration> again = new HashMap<>();

    TopicRound newRound() {
        return new TopicRound(
                FakeKubeTopics.CLUSTER, kube, () -> kafka, clock, requests -> requests.forEach(Runnable::run));
    }

    void scan() {
        scan(100);
    }

    void scan(int rounds) {
        kube.topics.keySet().forEach(name -> kube.woken.add(FakeKubeTopics.ref(name)));
        settle(rounds);
    }

    void settle() {
        settle(100);
    }

    void settle(int rounds) {
        for (int i = 0; i < rounds && !(kube.woken.isEmpty() && again.isEmpty()); i++) {
            var batch = new HashSet<>(kube.woken);
            batch.addAll(again.keySet());
            kube.woken.clear();
            again.values().stream().max(Duration::compareTo).ifPresent(clock::pass);
            again.clear();
            again.putAll(round.run(batch));
        }
    }

    KafkaTopicStatus status(String name) {
        return kube.topics.get(name).getStatus();
    }

    static String ready(KafkaTopicStatus status) {
        var ready = condition(status, "Ready");
        return ready.getStatus() + " " + ready.getReason();
    }

    static Condition condition(KafkaTopicStatus status, String type) {
        return status.conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElse(null);
    }

    static Map<String, JsonNode> config(String key, int value) {
        return Map.of(key, JsonNodeFactory.instance.numberNode(value));
    }
}
