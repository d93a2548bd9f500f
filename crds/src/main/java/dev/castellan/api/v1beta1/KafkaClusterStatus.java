package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What the operator observes of a cluster, and what it does about it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class KafkaClusterStatus {
    /** Generation of the spec that this status tells of; -1 before the operator has seen it. */
    public Long observedGeneration;

    public List<Condition> conditions;
    public String clusterId;

    /** Kafka version that all nodes run; the lowest while they differ. */
    public String version;

    public String metadataVersion;

    /** Broker pods that exist, for the scale subresource. */
    public Integer replicas;

    /** Label selector of the broker pods, for the scale subresource. */
    public String selector;

    public List<NodeStatus> brokers;
    public QuorumStatus quorum;
    public PlanStatus plan;
    public List<ListenerStatus> listeners;
    public HealthStatus health;

    /** One broker, as observed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class NodeStatus {
        public Integer id;
        public String pod;
        public String pool;
        public String zone;
        public String version;

        /** Running, Starting, Fenced, Missing … */
        public String state;

        public Integer leaders;
        public Integer replicas;
    }

    /** The KRaft quorum, as observed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class QuorumStatus {
        public Integer leader;
        public List<Integer> voters;
        public List<Integer> observers;
    }

    /** What is being done and why, or what is waited for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class PlanStatus {
        /** The step: CreateNodes, RestartNode, Wait, … */
        public String step;

        /** Why, in one sentence. */
        public String reason;

        /** What comes after it. */
        public List<String> next;
    }

    /** Where clients connect. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class ListenerStatus {
        public String name;
        public Listener.Type type;
        public String bootstrap;
    }

    /** Partitions that are not as they should be. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class HealthStatus {
        public Integer offline;
        public Integer underMinIsr;
        public Integer underReplicated;
    }
}
