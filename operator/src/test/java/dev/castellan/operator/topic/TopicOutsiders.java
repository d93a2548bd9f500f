package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Brokers that come and go, and somebody with Kafka's own tools. */
final class TopicOutsiders {
    private static final String LEADERS = "leader.replication.throttled.replicas";

    private final TopicWorld world;

    /** Topics by id that they slow down, where the operator could see it. */
    private final Map<String, FakeTopic> throttled = new HashMap<>();

    TopicOutsiders(TopicWorld world) {
        this.world = world;
    }

    void copiesComplete() {
        world.story.add("copies complete");
        world.kafka.copyAll();
    }

    /** Of topics that are written to meanwhile. */
    void copiesGetOn() {
        world.story.add("copies get on");
        world.kafka.topics.values().stream().filter(FakeTopic::isMoving).forEach(topic -> {
            topic.records += world.random.nextInt(9);
            topic.partitions.forEach(
                    replicas -> replicas.copied = Math.min(100, replicas.copied + world.random.nextInt(30)));
        });
    }

    void produce() {
        var names = List.copyOf(world.kafka.topics.keySet());
        if (!names.isEmpty()) {
            var name = names.get(world.random.nextInt(names.size()));
            world.story.add("records in " + name);
            world.kafka.topics.get(name).records += 1 + world.random.nextInt(9);
        }
    }

    void aBrokerComesOrGoes() {
        var away = List.copyOf(world.kafka.away);
        if (away.isEmpty()) {
            int broker = world.random.nextInt(world.kafka.brokers);
            world.story.add("broker " + broker + " goes");
            world.kafka.leaves(broker);
        } else {
            world.story.add("brokers " + away + " are back");
            away.forEach(world.kafka::isBack);
        }
    }

    void reassign() {
        var topics = new ArrayList<>(world.kafka.topics.values());
        if (topics.isEmpty()) {
            return;
        }
        var topic = topics.get(world.random.nextInt(topics.size()));
        var replicas = topic.partitions.get(world.random.nextInt(topic.partitions()));
        if (replicas.isMoving()) {
            return;
        }
        var brokers =
                new ArrayList<>(IntStream.range(0, world.kafka.brokers).boxed().toList());
        Collections.shuffle(brokers, world.random);
        var to = brokers.subList(0, 1 + world.random.nextInt(brokers.size()));
        world.story.add("outsider reassigns one of " + topic.name + " to " + to);
        replicas.begin(to);
        replicas.byOthers = replicas.isMoving() && !isAnnounced(topic, topic.partitions.indexOf(replicas));
    }

    /** To the letter what the operator has said that it will do: nobody could tell whose it is. */
    private static boolean isAnnounced(FakeTopic topic, int partition) {
        return topic.ongoing().stream()
                .filter(move -> move.partition() == partition)
                .anyMatch(move -> Throttle.isOurs(Sign.TOPIC, move, topic.config));
    }

    void throttle() {
        var topics = new ArrayList<>(world.kafka.topics.values());
        if (topics.isEmpty() || world.kafka.lags()) {
            return;
        }
        var topic = topics.get(world.random.nextInt(topics.size()));
        world.story.add("outsider throttles " + topic.name);
        topic.config.put(LEADERS, "*");
        throttled.put(topic.id, topic);
    }

    /** What the operator cannot see it cannot leave alone. */
    void cannotBeSeen() {
        throttled.clear();
    }

    /** All is as they had left it, and then they tidy up. */
    void leave() {
        throttled.values().forEach(topic -> assertThat(topic.config)
                .as("a throttle of others on " + topic.name)
                .containsEntry(LEADERS, "*"));
        world.kafka.topics.values().forEach(topic -> topic.config.remove(LEADERS, "*"));
        List.copyOf(world.kafka.away).forEach(world.kafka::isBack);
        world.kafka.copyAll();
    }
}
