package dev.castellan.operator.topic.plan;

/** What a topic needs to know of its KafkaCluster. */
public sealed interface ClusterFacts {
    /** There is no such KafkaCluster. */
    record Missing() implements ClusterFacts {}

    /** It is being deleted. */
    record Leaving() implements ClusterFacts {}

    /** It has not formed yet: there is no Kafka to speak to. */
    record Forming(String why) implements ClusterFacts {}

    /**
     * There is a Kafka cluster.
     *
     * @param clusterId Kafka's own id: other disks, other id
     * @param brokers how many there should be
     */
    record Formed(String clusterId, int brokers, boolean ready, String why) implements ClusterFacts {}
}
