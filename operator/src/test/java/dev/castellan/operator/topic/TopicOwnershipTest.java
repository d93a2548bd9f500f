package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.operator.topic.plan.ClusterFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose topics are, and what becomes of them when their KafkaTopics go. */
class TopicOwnershipTest extends InRounds {
    @Test
    void aTopicThatSomebodyDeletedIsLostAndNotMadeAnew() {
        kube.apply("orders", spec -> {});
        settle();

        kafka.topics.remove("orders");
        scan();

        assertThat(kafka.topics).isEmpty();
        assertThat(ready(status("orders"))).isEqualTo("False TopicLost");
        assertThat(kube.events).containsExactly("orders TopicLost");
    }

    @Test
    void aTopicOfWhichTheControllerDoesNotTellIsNeitherLostNorStillReady() {
        kube.apply("orders", spec -> {});
        settle();
        kafka.topics.remove("orders");
        kafka.policyFails = true;
        scan(20);

        assertThat(ready(status("orders"))).isEqualTo("False Applying");
        assertThat(condition(status("orders"), "Ready").getMessage())
                .isEqualTo(
                        "The brokers know no such topic, but whether it is gone the controller does not tell: The policy"
                                + " failed.");
        assertThat(kube.events).isEmpty();

        kafka.policyFails = false;
        settle();
        assertThat(ready(status("orders"))).isEqualTo("False TopicLost");
    }

    @Test
    void whatADeletionWaitsForIsTold() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.DeleteIfEmpty);
        settle();
        kafka.topics.remove("orders");
        kafka.policyFails = true;
        kube.delete("orders");
        settle(20);
        assertThat(condition(status("orders"), "Ready").getMessage()).endsWith("does not tell: The policy failed.");

        kafka.policyFails = false;
        settle();
        assertThat(kube.topics).isEmpty();
    }

    @Test
    void aTopicThatSomebodyMadeAnewIsLostToo() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();

        kafka.has("orders", 1, Map.of());
        scan();
        assertThat(ready(status("orders"))).isEqualTo("False TopicLost");

        kube.delete("orders");
        settle();
        assertThat(kafka.topics).containsKey("orders");
        assertThat(kube.topics).isEmpty();
    }

    @Test
    void aBrokerThatLagsDoesNotMakeATopicLost() {
        kube.apply("orders", spec -> {});
        kafka.brokersLag();
        settle(8);
        assertThat(status("orders").topicId).isNull();

        kafka.brokersCatchUp();
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kafka.requests.get("create")).isEqualTo(1);
    }

    @Test
    void aKafkaTopicMadeAnewForAnotherClusterLeavesTheTopicOfTheFormerAlone() {
        kube.apply("orders", spec -> spec.config = config("retention.ms", 600_000));
        settle();

        kube.delete("orders");
        kube.apply("orders", "another", spec -> {
            spec.config = config("retention.ms", 1);
            spec.deletionPolicy = DeletionPolicy.Delete;
        });
        settle();
        assertThat(kafka.topics.get("orders").config).containsEntry("retention.ms", "600000");
        assertThat(status("orders").topicId).isNull();
        assertThat(kube.topics.get("orders").getMetadata().getFinalizers()).isEmpty();

        kube.topics.get("orders").getMetadata().setFinalizers(List.of(Finalizer.NAME)); // by its own worker
        kube.delete("orders");
        settle();
        assertThat(kafka.topics).containsKey("orders");
        assertThat(kube.topics).containsKey("orders");
    }

    @Test
    void aKafkaTopicThatComesBackFromAnotherClusterBeginsAnew() {
        kube.apply("orders", spec -> {});
        settle();
        var former = kafka.topics.get("orders").id;
        kube.delete("orders");
        kube.apply("orders", "another", spec -> {});
        settle();

        kube.delete("orders");
        kube.apply("orders", spec -> spec.adoption = Adoption.FailIfExists);
        settle();

        assertThat(ready(status("orders"))).isEqualTo("False AlreadyExists");
        assertThat(kafka.topics.get("orders").id).isEqualTo(former);
    }

    @Test
    void retainKeepsTheTopicWithoutAFinalizer() {
        kube.apply("orders", spec -> {});
        settle();

        kube.delete("orders");
        settle();

        assertThat(kube.topics).isEmpty();
        assertThat(kafka.topics).containsKey("orders");
    }

    @Test
    void deleteDeletes() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        kafka.topics.get("orders").records = 7;

        kube.delete("orders");
        settle();

        assertThat(kube.topics).isEmpty();
        assertThat(kafka.topics).isEmpty();
    }

    @Test
    void deleteIfEmptyKeepsRecords() {
        List.of("empty", "full")
                .forEach(name -> kube.apply(name, spec -> spec.deletionPolicy = DeletionPolicy.DeleteIfEmpty));
        settle();
        kafka.topics.get("full").records = 7;

        kube.delete("empty");
        kube.delete("full");
        settle();

        assertThat(kube.topics).isEmpty();
        assertThat(kafka.topics).containsOnlyKeys("full");
        assertThat(kube.events).containsExactly("full TopicKept");
    }

    @Test
    void deleteIfEmptyKeepsRecordsThatComeWhileOtherTopicsAreMade() {
        kube.apply("empty", spec -> spec.deletionPolicy = DeletionPolicy.DeleteIfEmpty);
        settle();
        kafka.onChange = (kind, topic) -> {
            if (kind.equals("create")) {
                kafka.topics.get("empty").records = 7;
            }
        };

        kube.delete("empty");
        kube.apply("other", spec -> {});
        settle();

        assertThat(kafka.topics).containsOnlyKeys("empty", "other");
    }

    @Test
    void finalizersLetGoWhenTheClusterIsGone() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        kafka.down = true;
        kube.delete("orders");
        settle(3);
        assertThat(ready(status("orders"))).isEqualTo("False WaitingForCluster");

        kube.cluster = new ClusterFacts.Leaving();
        settle();

        assertThat(kube.topics).isEmpty();
        assertThat(kafka.topics).containsKey("orders");
    }

    @Test
    void theFinalizerFollowsThePolicy() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        assertThat(kube.topics.get("orders").getMetadata().getFinalizers()).containsExactly(Finalizer.NAME);

        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Retain);
        settle();

        assertThat(kube.topics.get("orders").getMetadata().getFinalizers()).isEmpty();
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void adoptsAndGrowsAnExistingTopic() {
        var existing = kafka.has("orders", 2, Map.of("by.others", "x"));
        kube.apply("orders", spec -> {
            spec.partitions = 4;
            spec.config = config("retention.ms", 1);
        });

        settle();

        assertThat(status("orders").topicId).isEqualTo(existing.id);
        assertThat(existing.partitions()).isEqualTo(4);
        assertThat(existing.config).isEqualTo(Map.of("by.others", "x", "retention.ms", "1"));
    }

    @Test
    void aTopicOfMorePartitionsIsNotTakenOver() {
        kafka.has("orders", 8, Map.of());
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        assertThat(ready(status("orders"))).isEqualTo("False PartitionsDiffer");
        assertThat(status("orders").topicId).isNull();

        kube.delete("orders");
        settle();

        assertThat(kafka.topics).containsKey("orders");
        assertThat(kube.topics).isEmpty();
    }

    @Test
    void failIfExistsLeavesTheExistingAloneAndCreatesWhatIsNotThere() {
        kafka.has("old", 1, Map.of());
        List.of("old", "new")
                .forEach(name -> kube.apply(name, spec -> {
                    spec.adoption = Adoption.FailIfExists;
                    spec.config = config("retention.ms", 1);
                }));

        settle();

        assertThat(ready(status("old"))).isEqualTo("False AlreadyExists");
        assertThat(kafka.topics.get("old").config).isEmpty();
        assertThat(ready(status("new"))).isEqualTo("True InSync");
    }

    @Test
    void failIfExistsKnowsItsOwnTopicAfterACrash() {
        kube.apply("orders", spec -> spec.adoption = Adoption.FailIfExists);
        round.run(Set.of(FakeKubeTopics.ref("orders")));
        assertThat(kafka.topics).containsKey("orders");

        round = newRound();
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void observeReportsAndChangesNothing() {
        kafka.has("orders", 8, Map.of("retention.ms", "5"));
        kube.apply("orders", spec -> {
            spec.adoption = Adoption.Observe;
            spec.deletionPolicy = DeletionPolicy.Delete;
            spec.partitions = 4;
            spec.config = config("retention.ms", 1);
        });

        settle();

        var status = status("orders");
        assertThat(ready(status)).isEqualTo("True Observed");
        assertThat(condition(status, "Drifted").getStatus()).isEqualTo("True");
        assertThat(status.drift).extracting(drift -> drift.key).containsExactly("partitions", "retention.ms");
        assertThat(kafka.topics.get("orders").config).isEqualTo(Map.of("retention.ms", "5"));
        assertThat(kube.topics.get("orders").getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void whatWasLookedAtIsNoMoreOursThanBefore() {
        kafka.has("orders", 8, Map.of());
        kube.apply("orders", spec -> spec.adoption = Adoption.Observe);
        settle();

        kube.apply("orders", spec -> {
            spec.adoption = Adoption.FailIfExists;
            spec.deletionPolicy = DeletionPolicy.Delete;
            spec.config = config("retention.ms", 1);
        });
        settle();
        scan();
        assertThat(ready(status("orders"))).isEqualTo("False AlreadyExists");
        assertThat(kafka.topics.get("orders").config).isEmpty();

        kube.delete("orders");
        settle();
        assertThat(kafka.topics).containsKey("orders");
    }

    @Test
    void theOldestOfSeveralOwnsTheTopicAndTheNextTakesOver() {
        for (var name : List.of("first", "second")) {
            kube.apply(name, spec -> {
                spec.topicName = "orders";
                spec.deletionPolicy = DeletionPolicy.Delete;
            });
            settle();
        }
        assertThat(ready(status("first"))).isEqualTo("True InSync");
        assertThat(ready(status("second"))).isEqualTo("False ClaimedByAnother");

        kube.delete("first");
        settle();

        assertThat(kafka.topics).containsKey("orders");
        assertThat(ready(status("second"))).isEqualTo("True InSync");
    }
}
