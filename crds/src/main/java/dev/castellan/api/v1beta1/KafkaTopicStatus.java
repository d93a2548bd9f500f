package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What the operator observed of a topic. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class KafkaTopicStatus {
    public Long observedGeneration;
    public List<Condition> conditions;
    public String topicName;
    public String topicId;
    public Integer partitions;
    public Integer replicationFactor;

    /** Partitions with fewer replicas in sync than assigned. */
    public Integer underReplicated;

    /** Partitions with fewer replicas in sync than min.insync.replicas. */
    public Integer underMinIsr;

    public List<Drift> drift;

    /** A managed property that is not as declared. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Drift {
        public String key;
        public String declared;
        public String observed;
    }
}
