package dev.castellan.operator.kafka;

import java.util.Collection;
import java.util.Map;

/** For fakes of those who look after a cluster: they move replicas, and do nothing else to a topic. */
abstract class ClusterOnlyAdmin implements KafkaAdmin {
    private static <T> T never() {
        throw new UnsupportedOperationException("looking after a cluster makes and deletes no topic");
    }

    @Override
    public Map<String, Existence> existence(Collection<String> names) {
        return never();
    }

    @Override
    public Map<String, Outcome> create(Collection<NewTopic> topics) {
        return never();
    }

    @Override
    public Map<String, Outcome> addPartitions(Map<String, Integer> totals) {
        return never();
    }

    @Override
    public Map<String, Outcome> delete(Collection<String> topicIds) {
        return never();
    }

    @Override
    public Map<String, Boolean> holdRecords(Collection<TopicPartitions> topics) {
        return never();
    }

    @Override
    public void close() {}
}
