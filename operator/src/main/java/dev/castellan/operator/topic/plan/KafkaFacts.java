package dev.castellan.operator.topic.plan;

import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;

/** What Kafka says of one topic. */
public sealed interface KafkaFacts {
    /** Nobody has asked, or nobody answered. */
    record Unknown(String reason) implements KafkaFacts {}

    /**
     * The broker that we asked knows no such topic.
     *
     * @param confirmed the controller was asked too, and brokers had time to hear of a new topic: it is really not there
     */
    record Absent(boolean confirmed) implements KafkaFacts {}

    /**
     * @param settled the same was seen for long enough that it cannot be the word of a broker that lags
     */
    record Present(TopicDetails details, boolean settled) implements KafkaFacts {
        public String topicId() {
            return details.topic().topicId();
        }

        public int partitions() {
            return details.topic().partitions().size();
        }
    }
}
