package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;

/** What a user adds to the pods of a group of nodes. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class PodTemplate {
    public Map<String, String> labels;
    public Map<String, String> annotations;
    public Map<String, String> nodeSelector;
    public Affinity affinity;
    public List<Toleration> tolerations;
    public List<TopologySpreadConstraint> topologySpreadConstraints;
    public String priorityClassName;
    public List<LocalObjectReference> imagePullSecrets;
    public List<EnvVar> env;
    public Long terminationGracePeriodSeconds;
}
