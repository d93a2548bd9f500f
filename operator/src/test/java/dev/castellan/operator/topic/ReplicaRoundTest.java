package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.placement.Rate;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.topic.plan.ClusterFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of the replication factor. */
class ReplicaRoundTest extends InRounds {
    private static final String LEADERS = "leader.replication.throttled.replicas";
    private static final String FOLLOWERS = "follower.replication.throttled.replicas";

    private static final List<String> RATES =
            List.of("leader.replication.throttled.rate", "follower.replication.throttled.rate");

    @BeforeEach
    void twoTopicsOfOneReplica() {
        kafka.brokers = 3;
        for (var name : List.of("orders", "clicks")) {
            kube.apply(name, spec -> {
                spec.partitions = 2;
                spec.replicationFactor = 1;
            });
        }
        settle();
    }

    @Test
    void replicasAreCopiedUnderAThrottleThatIsGoneWhenTheyAreThere() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);

        var topic = kafka.topics.get("orders");
        assertThat(topic.ongoing())
                .containsExactly(
                        new Ongoing("orders", 0, List.of(0, 2, 1), List.of(2, 1), List.of()),
                        new Ongoing("orders", 1, List.of(1, 2, 0), List.of(2, 0), List.of()));
        assertThat(topic.config)
                .containsEntry(LEADERS, "0:0,0:2147483647,1:1")
                .containsEntry(FOLLOWERS, "0:1,0:2,0:2147483647,1:0,1:2");
        assertThat(kafka.clusterConfig)
                .containsEntry("leader.replication.throttled.rate", "52424711")
                .containsEntry("follower.replication.throttled.rate", "52424711");
        assertThat(ready(status("orders"))).isEqualTo("False Reassigning");
        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .isEqualTo("0 of 2 partitions have 3 replicas, 2 more are under way");
        assertThat(status("orders").replicationFactor).isEqualTo(1);
        assertThat(status("orders").reassignment.partitionsLeft).isEqualTo(2);

        kafka.copyAll();
        settle();
        sweep();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(status("orders").replicationFactor).isEqualTo(3);
        assertThat(status("orders").reassignment).isNull();
        assertThat(topic.config).isEmpty();
        assertThat(kafka.clusterConfig).isEmpty();
        assertThat(kafka.topics.get("clicks").factor()).isEqualTo(1);
    }

    @Test
    void brokersThatAreToGoGetNone() {
        var onRecord = Cordon.record(List.of(2)).set();
        kafka.clusterConfig.putAll(onRecord);
        kube.apply("orders", spec -> spec.replicationFactor = 2);
        settle(5);

        assertThat(kafka.topics.get("orders").ongoing())
                .flatExtracting(Ongoing::adding)
                .containsExactlyInAnyOrder(0, 1);

        kafka.copyAll();
        settle();
        sweep();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kafka.clusterConfig).isEqualTo(onRecord);
    }

    @Test
    void brokersThatOthersHaveCordonedGetNone() {
        kafka.cordoned.add(2);
        kube.apply("orders", spec -> spec.replicationFactor = 2);
        settle(5);

        assertThat(kafka.topics.get("orders").ongoing())
                .flatExtracting(Ongoing::adding)
                .containsExactlyInAnyOrder(0, 1);
        assertThat(kafka.requests.get("reassign")).isEqualTo(1);
    }

    @Test
    void theStatusNamesTheBrokerThatOthersHaveCordonedWhereThereIsNoOther() {
        kafka.cordoned.add(2);
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(20);

        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .isEqualTo("Somebody else has cordoned broker 2, and Kafka adds no replica to a partition of which one"
                        + " lies there, or is to: delete cordoned.log.dirs of it to go on");
        assertThat(kafka.requests).doesNotContainKey("reassign");

        kafka.cordoned.clear();
        lookAfter(60);
        settle(5);

        assertThat(kafka.topics.get("orders").ongoing()).hasSize(2);
    }

    /** It asks nothing of who says where replicas are to lie; but whoever has set a cordon is heard. */
    @Test
    void before44OnlyWhatIsToLieOnACordonedBrokerWaits() {
        kube.cluster = new ClusterFacts.Formed(FakeTopicKafka.CLUSTER_ID, 3, true, "", Optional.of("4.3-IV0"));
        kafka.refusesCordoned = false;
        kafka.cordoned.add(0);
        kube.apply("orders", spec -> spec.replicationFactor = 2);
        settle(5);

        assertThat(kafka.topics.get("orders").ongoing())
                .containsExactly(
                        new Ongoing("orders", 0, List.of(0, 2), List.of(2), List.of()),
                        new Ongoing("orders", 1, List.of(1, 2), List.of(2), List.of()));

        kafka.copyAll();
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(5);
        kafka.copyAll();
        settle(5);

        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .isEqualTo("Somebody else has cordoned broker 0, and without it there are too few: delete"
                        + " cordoned.log.dirs of it to go on");
    }

    @Test
    void aBrokerThatDoesNotTellIsTakenForWhatItSaidLast() {
        kafka.cordoned.add(2);
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(5);

        kafka.silent.add(2);
        lookAfter(60);
        settle(5);

        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .startsWith("Somebody else has cordoned broker 2");
        assertThat(kafka.requests).doesNotContainKey("reassign");
    }

    @Test
    void theStatusTellsHowMuchIsCopiedAndWhenThatWillEnd() {
        kafka.topics.get("orders").records = 100;
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(5);

        var moving = status("orders").reassignment;
        assertThat(moving.bytesToCopy).isEqualTo(400_000_000);
        assertThat(moving.bytesCopied).isZero();
        assertThat(moving.percentCopied).isZero();
        assertThat(moving.expectedEnd).isNull();

        lookAfter(20);
        copied(25);
        lookAfter(100);

        moving = status("orders").reassignment;
        assertThat(moving.bytesCopied).isEqualTo(100_000_000);
        assertThat(moving.percentCopied).isEqualTo(25);
        assertThat(Duration.between(clock.instant(), Instant.parse(moving.expectedEnd)))
                .as("three quarters more, of which each takes what the first took")
                .isBetween(Duration.ofSeconds(299), Duration.ofSeconds(300));
        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .isEqualTo("0 of 2 partitions have 3 replicas, 2 more are under way; 25% copied");

        kafka.copyAll();
        settle();
        assertThat(status("orders").reassignment).isNull();
    }

    @Test
    void whatACopyGetsOnByIsToldPercentByPercentAndSeldom() {
        kafka.topics.get("orders").records = 1_000;
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(5);
        kube.writes = 0;
        kafka.requests.clear();

        for (int second = 0; second < 100; second++) {
            copied(second);
            lookAfter(1);
        }
        assertThat(kafka.requests.get("logDirectories")).isBetween(20, 22); // some of them tell who is cordoned
        assertThat(kube.writes).isBetween(19, 20);

        kube.writes = 0;
        for (int second = 0; second < 100; second++) {
            kafka.topics.get("orders").records++;
            lookAfter(1);
        }
        assertThat(kube.writes).as("the topic grows, and so do its copies").isZero();
    }

    private void lookAfter(int seconds) {
        again.clear();
        clock.pass(Duration.ofSeconds(seconds));
        scan(1);
    }

    private void copied(int percent) {
        kafka.topics.get("orders").partitions.forEach(replicas -> replicas.copied = percent);
    }

    @Test
    void replicasAreTakenAwayAtOnceAndLeadersStay() {
        raised("orders", 3);

        kube.apply("orders", spec -> spec.replicationFactor = 2);
        settle();

        assertThat(kafka.topics.get("orders").partitions)
                .allSatisfy(replicas -> assertThat(replicas.all).hasSize(2).startsWith(replicas.leader));
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kafka.clusterConfig).isEmpty();
    }

    @Test
    void replicasAreTakenAwayOnceThoseThatStayAreInSync() {
        raised("orders", 3);
        kafka.leaves(1);
        kafka.leaves(2);
        kafka.requests.clear();

        kube.apply("orders", spec -> spec.replicationFactor = 2);
        settle(20);
        assertThat(kafka.requests).doesNotContainKey("reassign");
        assertThat(ready(status("orders"))).isEqualTo("False Reassigning");
        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .isEqualTo(
                        "Partition 0 is to keep 2 replicas, and has 1 in sync; goes on when more of those on brokers 1, 2"
                                + " are");

        kafka.isBack(1);
        settle();
        assertThat(kafka.topics.get("orders").partitions)
                .allSatisfy(replicas -> assertThat(replicas.all).containsExactlyInAnyOrder(0, 1));
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void fewerReplicasThatNothingHasComeOfYetAreTakenBack() {
        raised("orders", 3);
        kafka.leaves(1);
        kafka.leaves(2);
        kube.apply("orders", spec -> spec.replicationFactor = 2);
        settle(20);

        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle();

        assertThat(kafka.topics.get("orders").factor()).isEqualTo(3);
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void settingItBackEndsTheCopies() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);

        kube.apply("orders", spec -> spec.replicationFactor = 1);
        settle();
        sweep();

        assertThat(kafka.topics.get("orders").isMoving()).isFalse();
        assertThat(kafka.topics.get("orders").factor()).isEqualTo(1);
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kafka.topics.get("orders").config).isEmpty();
        assertThat(kafka.clusterConfig).isEmpty();
    }

    @Test
    void aNewOperatorGoesOnWhereTheOldOneDied() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);
        kafka.requests.clear();

        round = newRound();
        scan(4);
        assertThat(kafka.requests).doesNotContainKey("reassign");
        kafka.copyAll();
        scan();
        sweep();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kafka.clusterConfig).isEmpty();
    }

    @Test
    void whatOthersMoveIsLeftToThem() {
        kafka.topics.get("orders").partitions.getFirst().begin(List.of(2));
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(20);

        assertThat(ready(status("orders"))).isEqualTo("False Reassigning");
        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .isEqualTo("Somebody else is reassigning partition 0; goes on when that has ended");
        assertThat(kafka.requests).doesNotContainKey("reassign");

        kafka.copyAll();
        settle(6);
        kafka.copyAll();
        settle();

        assertThat(kafka.topics.get("orders").factor()).isEqualTo(3);
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void whatOthersBeginBetweenTwoLooksIsLeftToThem() {
        raised("orders", 2);
        var moved = kafka.topics.get("orders").partitions.getFirst();
        kafka.beforeTopics = () -> moved.begin(List.of(0, 1));
        var touched = new TreeSet<Integer>();
        kafka.onReassign = (topic, replicas) -> touched.addAll(replicas.keySet());

        kube.apply("orders", spec -> spec.replicationFactor = 1);
        settle(4);

        assertThat(moved.isMoving()).isTrue();
        assertThat(touched).containsExactly(1);
    }

    @Test
    void aMoveOfOthersThatChangesNoNumberIsNoNews() {
        kube.writes = 0;
        kafka.topics.get("orders").partitions.getFirst().begin(List.of(2));

        scan();

        assertThat(kube.writes).isZero();
        assertThat(kafka.topics.get("orders").isMoving()).isTrue();
    }

    @Test
    void throttlesOfOthersAreNeitherUsedNorRemoved() {
        kafka.topics.get("orders").config.put(LEADERS, "*");
        kafka.clusterConfig.put("leader.replication.throttled.rate", "1000");
        List.of("orders", "clicks").forEach(name -> kube.apply(name, spec -> spec.replicationFactor = 2));
        settle(20);

        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .startsWith("Somebody else slows the topic's");
        assertThat(condition(status("clicks"), "Reconciling").getMessage()).startsWith("Somebody else slows all");
        assertThat(kafka.topics.get("orders").config).containsOnlyKeys(LEADERS);
        assertThat(kafka.clusterConfig).containsOnlyKeys("leader.replication.throttled.rate");
        assertThat(kafka.requests).doesNotContainKey("reassign");
    }

    @Test
    void moreReplicasThanBrokersAreRefused() {
        kube.apply("orders", spec -> spec.replicationFactor = 4);
        settle();

        assertThat(ready(status("orders"))).isEqualTo("False ReplicationFactorDiffers");
        assertThat(condition(status("orders"), "Stalled").getMessage())
                .isEqualTo(
                        "spec.replicationFactor is 4, more than there are brokers (3): declare fewer replicas, or add brokers first");
    }

    @Test
    void withABrokerAwayItWaits() {
        kafka.away.add(2);
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(20);

        assertThat(condition(status("orders"), "Reconciling").getMessage())
                .isEqualTo("Only 2 of 3 brokers can take replicas now; goes on when the others are back");

        kafka.away.clear();
        settle(6);
        assertThat(kafka.topics.get("orders").isMoving()).isTrue();
    }

    @Test
    void fewerReplicasThanMustAcknowledgeAreRefused() {
        raised("orders", 3);
        kafka.topics.get("orders").config.put("min.insync.replicas", "2");

        kube.apply("orders", spec -> spec.replicationFactor = 1);
        settle();
        assertThat(ready(status("orders"))).isEqualTo("False ReplicationFactorDiffers");
        assertThat(condition(status("orders"), "Stalled").getMessage())
                .isEqualTo("spec.replicationFactor is 1, but min.insync.replicas of the topic is 2: lower that in"
                        + " spec.config first");

        kube.apply("orders", spec -> spec.config = config("min.insync.replicas", 1));
        settle();
        assertThat(kafka.topics.get("orders").factor()).isEqualTo(1);
    }

    @Test
    void moreAcknowledgementsAreAskedForOnceTheReplicasAreThere() {
        kube.apply("orders", spec -> {
            spec.replicationFactor = 3;
            spec.config = Map.of("min.insync.replicas", JsonNodeFactory.instance.numberNode(2));
        });
        settle(5);
        assertThat(kafka.topics.get("orders").config).doesNotContainKey("min.insync.replicas");

        kafka.copyAll();
        settle();

        assertThat(kafka.topics.get("orders").config).isEqualTo(Map.of("min.insync.replicas", "2"));
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void manyPartitionsAreDoneAHundredAtATime() {
        kube.apply("orders", spec -> spec.partitions = 250);
        settle();
        kube.apply("orders", spec -> spec.replicationFactor = 2);

        for (int i = 0; i < 30; i++) {
            settle(5);
            assertThat(kafka.topics.get("orders").ongoing()).hasSizeLessThanOrEqualTo(100);
            kafka.copyAll();
        }
        settle();
        sweep();

        assertThat(kafka.topics.get("orders").factor()).isEqualTo(2);
        assertThat(kafka.requests.get("reassign")).isEqualTo(3);
        assertThat(kafka.topics.get("orders").config).isEmpty();
        assertThat(kafka.clusterConfig).isEmpty();
    }

    @Test
    void withoutItsKafkaTopicTheThrottleGoesToo() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);
        kube.delete("orders");
        kafka.copyAll();

        round = newRound();
        scan();
        sweep();

        assertThat(kafka.topics.get("orders").config).isEmpty();
        assertThat(kafka.clusterConfig).isEmpty();
    }

    @Test
    void theRateIsTheOwnersAndAChangeReachesWhatIsUnderWay() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);

        kube.bytesPerSecond = 1_000_000;
        clock.pass(Duration.ofMinutes(2));
        scan(2);

        assertThat(kafka.clusterConfig).containsEntry("follower.replication.throttled.rate", "994711");
        assertThat(kube.cluster).isInstanceOf(ClusterFacts.Formed.class);
    }

    /** The cluster raises it where its own moves do not gain on what is produced. */
    @Test
    void aRateThatTheClusterHasRaisedIsKept() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);
        var raised = Throttle.rate(new Rate(kube.bytesPerSecond, 4 * kube.bytesPerSecond, 1))
                .set();

        kafka.clusterConfig.putAll(raised);
        lookAfter(1);
        kube.apply("clicks", spec -> spec.replicationFactor = 3);
        settle(3);
        clock.pass(Duration.ofMinutes(2));
        scan(2);

        assertThat(kafka.clusterConfig).isEqualTo(raised);
        kafka.copyAll();
        scan();
        sweep();
        assertThat(kafka.clusterConfig).isEmpty();
    }

    @Test
    void copiesBeginUnderARateThoughTheClusterTookItForLeftBehind() {
        kafka.clusterConfig.putAll(Throttle.rate(new Rate(kube.bytesPerSecond, kube.bytesPerSecond, 0))
                .set());
        var rates = new HashMap<String, String>();
        kafka.beforeTopics = kafka.clusterConfig::clear;
        kafka.onReassign = (topic, replicas) -> rates.putAll(kafka.clusterConfig);

        kube.apply("clicks", spec -> spec.replicationFactor = 3);
        settle(3);

        assertThat(kafka.topics.get("clicks").isMoving()).isTrue();
        assertThat(rates).containsOnlyKeys(RATES.toArray(String[]::new));
    }

    @Test
    void aRateThatIsLostUnderCopiesIsThereAgainByTheNextLook() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);

        kafka.clusterConfig.clear();
        lookAfter(1);

        assertThat(kafka.clusterConfig).containsOnlyKeys(RATES.toArray(String[]::new));
        kafka.copyAll();
        scan();
        sweep();
        assertThat(kafka.clusterConfig).isEmpty();
        assertThat(kafka.topics.get("orders").config).isEmpty();
    }

    @Test
    void theRateOfOthersStaysThoughCopiesOfOursAreUnderWay() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);

        kafka.clusterConfig.clear();
        kafka.clusterConfig.put(RATES.getFirst(), "1000");
        lookAfter(1);
        lookAfter(150);

        assertThat(kafka.clusterConfig).isEqualTo(Map.of(RATES.getFirst(), "1000"));
    }

    @Test
    void whatIsLeftOfALostRateIsSweptThoughItsKafkaTopicHasGone() {
        kube.apply("orders", spec -> spec.replicationFactor = 3);
        settle(4);

        kafka.clusterConfig.clear();
        kube.delete("orders");
        kafka.copyAll();
        sweep();

        assertThat(kafka.topics.get("orders").config).isEmpty();
        assertThat(kafka.clusterConfig).isEmpty();
    }

    private void raised(String name, int factor) {
        kube.apply(name, spec -> spec.replicationFactor = factor);
        settle(4);
        kafka.copyAll();
        settle();
        sweep();
        assertThat(kafka.topics.get(name).factor()).isEqualTo(factor);
    }

    private void sweep() {
        clock.pass(Duration.ofMinutes(2));
        scan();
    }
}
