package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A topic that is lost is made anew if, and only if, the user names it. */
class TopicRecreateTest extends InRounds {
    @Test
    void theMessageTellsWhatToSet() {
        var lost = lose();

        assertThat(condition(status("orders"), "Stalled").getMessage())
                .isEqualTo("The topic orders (id " + lost + ") has been deleted by somebody else; its records are lost,"
                        + " and nothing is created in its place. To start over with an empty topic, set spec.recreate to "
                        + lost);
    }

    @Test
    void itIsMadeAnewOnceItsIdIsNamed() {
        var lost = lose();
        kube.apply("orders", spec -> spec.recreate = "another");
        settle();
        assertThat(ready(status("orders"))).isEqualTo("False TopicLost");
        assertThat(condition(status("orders"), "Stalled").getMessage())
                .endsWith("set spec.recreate to " + lost + ", not to another as it is now");

        kube.apply("orders", spec -> spec.recreate = lost);
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(status("orders").topicId)
                .isEqualTo(kafka.topics.get("orders").id)
                .isNotEqualTo(lost);
        assertThat(kafka.topics.get("orders").config).isEqualTo(Map.of("retention.ms", "1"));
        assertThat(kube.events).containsExactly("orders TopicLost", "orders TopicRecreated");
    }

    @Test
    void leaveIsForOneLossOnly() {
        var lost = lose();
        kube.apply("orders", spec -> spec.recreate = lost);
        settle();

        kafka.topics.remove("orders");
        scan();

        assertThat(ready(status("orders"))).isEqualTo("False TopicLost");
        assertThat(kafka.topics).isEmpty();
    }

    @Test
    void aTopicThatIsThereIsNotTouched() {
        declare(null);
        var id = kafka.topics.get("orders").id;

        kube.apply("orders", spec -> spec.recreate = id);
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kafka.topics.get("orders").id).isEqualTo(id);
        assertThat(kafka.requests.get("create")).isEqualTo(1);
    }

    @Test
    void itIsMadeOnceThoughTheOperatorDiesBeforeStatusTells() {
        var lost = lose();
        kube.apply("orders", spec -> spec.recreate = lost);
        round.run(Set.of(FakeKubeTopics.ref("orders")));
        var id = kafka.topics.get("orders").id;

        round = newRound();
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(status("orders").topicId).isEqualTo(id);
        assertThat(kafka.topics.get("orders").id).isEqualTo(id);
    }

    @Test
    void anotherThatIsLostBeforeStatusToldOfItHasToBeNamedItself() {
        var lost = lose();
        kube.apply("orders", spec -> spec.recreate = lost);
        round.run(Set.of(FakeKubeTopics.ref("orders")));
        var another = kafka.topics.remove("orders").id;

        scan();

        assertThat(ready(status("orders"))).isEqualTo("False TopicLost");
        assertThat(status("orders").topicId).isEqualTo(another);
    }

    @Test
    void brokersThatLagDoNotMakeItLostAgain() {
        var lost = lose();
        kafka.brokersLag();
        kube.apply("orders", spec -> spec.recreate = lost);
        settle(8);

        kafka.brokersCatchUp();
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kafka.requests.get("create")).isEqualTo(2);
    }

    @Test
    void whoFailsIfOneExistsMakesItAnewToo() {
        declare(Adoption.FailIfExists);
        var lost = kafka.topics.remove("orders").id;
        scan();

        kube.apply("orders", spec -> spec.recreate = lost);
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kube.events).containsExactly("orders TopicLost", "orders TopicRecreated");
    }

    @Test
    void theOneThatOthersHaveMadeIsTakenOverAndWhatTheySetIsTheirs() {
        declare(null);
        var lost = kafka.topics.get("orders").id;
        var theirs = kafka.has("orders", 1, Map.of("retention.ms", "5"));
        scan();
        assertThat(condition(status("orders"), "Stalled").getMessage())
                .contains("made anew (id " + theirs.id + ")", "the new one is left alone. To take that one over, set");

        kube.apply("orders", spec -> {
            spec.recreate = lost;
            spec.config = Map.of();
        });
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(status("orders").topicId).isEqualTo(theirs.id);
        assertThat(theirs.config).isEqualTo(Map.of("retention.ms", "5"));
        assertThat(status("orders").drift).extracting(drift -> drift.key).containsExactly("retention.ms");

        kube.apply("orders", spec -> spec.recreate = null);
        settle();
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void theOneThatOthersHaveMadeIsLeftToThemByWhoFailsIfOneExists() {
        declare(Adoption.FailIfExists);
        var lost = kafka.topics.get("orders").id;
        kafka.has("orders", 1, Map.of());
        scan();

        kube.apply("orders", spec -> spec.recreate = lost);
        settle();

        assertThat(ready(status("orders"))).isEqualTo("False AlreadyExists");
        assertThat(status("orders").topicId).isEqualTo(lost);
    }

    private String lose() {
        declare(null);
        var lost = kafka.topics.remove("orders").id;
        scan();
        return lost;
    }

    private void declare(Adoption adoption) {
        kube.apply("orders", spec -> {
            spec.adoption = adoption;
            spec.config = config("retention.ms", 1);
        });
        settle();
    }
}
