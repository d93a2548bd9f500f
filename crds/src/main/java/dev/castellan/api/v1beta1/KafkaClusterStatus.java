package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** What the operator observes of a cluster, and what it does about it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class KafkaClusterStatus {
    @JsonPropertyDescription("Generation of the spec that this status tells of; -1 before the operator has seen it.")
    public Long observedGeneration;

    @JsonPropertyDescription("Facts in Kubernetes' own form. Ready: clients are served. Reconciling: the operator is at"
            + " work. Stalled: only a change by you can help; the message says which. Degraded: something is down that"
            + " should not be. Paused: the annotation castellan.dev/pause is set. Held: restarts wait for what"
            + " spec.rollout says.")
    public List<Condition> conditions;

    @JsonPropertyDescription("Kafka's id of the cluster, decided at creation and kept as long as its disks.")
    public String clusterId;

    @JsonPropertyDescription("Kafka version that all nodes run; the lowest while they differ.")
    public String version;

    @JsonPropertyDescription("Feature level of the metadata (metadata.version) that the cluster has finalised.")
    public String metadataVersion;

    @JsonPropertyDescription("Broker pods that exist; read by the scale subresource.")
    @StatusReplicas
    public Integer replicas;

    @JsonPropertyDescription("Label selector of the broker pods; read by the scale subresource.")
    @LabelSelector
    public String selector;

    @JsonPropertyDescription("The brokers, one by one, as observed.")
    public List<NodeStatus> brokers;

    @JsonPropertyDescription("The KRaft quorum, as observed.")
    public QuorumStatus quorum;

    @JsonPropertyDescription("What the operator does now and why, or what it waits for.")
    public PlanStatus plan;

    @JsonPropertyDescription("Where clients connect.")
    public List<ListenerStatus> listeners;

    @JsonPropertyDescription("Partitions that are not as they should be; all 0 in good health.")
    public HealthStatus health;

    /** One broker, as observed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class NodeStatus {
        @JsonPropertyDescription("Node id in Kafka.")
        public Integer id;

        @JsonPropertyDescription("Name of the pod.")
        public String pod;

        @JsonPropertyDescription("Pool, `brokers` if it has no other.")
        public String pool;

        @JsonPropertyDescription("Zone; absent where the cluster has none.")
        public String zone;

        @JsonPropertyDescription("Kafka version that it runs.")
        public String version;

        @JsonPropertyDescription("State, for example Running, Starting, Fenced, Leaving, Missing, Stopped.")
        public String state;

        @JsonPropertyDescription(
                "A volume claim of it whose disk does not serve it, and why, such as (full); absent while all do.")
        public String failedDisk;

        @JsonPropertyDescription(
                "Volume claims of it whose disks have not answered for half a minute or longer, and may yet:"
                        + " nothing is done about that. Absent while all answer.")
        public List<String> hangingDisks;

        @JsonPropertyDescription("Its volumes, where they may grow by themselves (storage.autoGrow).")
        public List<VolumeStatus> volumes;

        @JsonPropertyDescription("Partitions that it leads.")
        public Integer leaders;

        @JsonPropertyDescription("Partition replicas that it holds.")
        public Integer replicas;
    }

    /** One volume of a broker, as observed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class VolumeStatus {
        @JsonPropertyDescription("Name of the volume, `data` if it has no other.")
        public String name;

        @JsonPropertyDescription("Its size now.")
        public Quantity size;

        @JsonPropertyDescription(
                "How full it is, in percent of its size; told anew when that has changed by 5 or more.")
        public Integer usedPercent;
    }

    /** The KRaft quorum, as observed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class QuorumStatus {
        @JsonPropertyDescription("Node id of the leader, the active controller; absent while there is none.")
        public Integer leader;

        @JsonPropertyDescription("Node ids that vote.")
        public List<Integer> voters;

        @JsonPropertyDescription("Node ids that follow without a vote.")
        public List<Integer> observers;
    }

    /** What is being done and why, or what is waited for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class PlanStatus {
        @JsonPropertyDescription("The step, for example RestartNodes, Wait, Done.")
        public String step;

        @JsonPropertyDescription("Why, in one sentence.")
        public String reason;

        @JsonPropertyDescription("What comes after it: the rounds of a roll, and what the user should know about them.")
        public List<String> next;

        @JsonPropertyDescription("Names the restarts that are to come, for spec.rollout.approve.")
        public String hash;
    }

    /** Where clients connect. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class ListenerStatus {
        @JsonPropertyDescription("Name of the listener.")
        public String name;

        @JsonPropertyDescription("Type of the listener.")
        public Listener.Type type;

        @JsonPropertyDescription("What a client sets as bootstrap.servers.")
        public String bootstrap;
    }

    /** Partitions that are not as they should be. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class HealthStatus {
        @JsonPropertyDescription("Partitions without a leader: they can be neither read nor written.")
        public Integer offline;

        @JsonPropertyDescription("Partitions with fewer replicas in sync than min.insync.replicas: producers with"
                + " acks=all are refused there.")
        public Integer underMinIsr;

        @JsonPropertyDescription("Partitions with fewer replicas in sync than assigned.")
        public Integer underReplicated;
    }
}
