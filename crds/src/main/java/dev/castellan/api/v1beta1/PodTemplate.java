package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
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
    @JsonPropertyDescription("Labels beside the operator's own, for example {team: payments}.")
    @Size(max = 50)
    @ValidationRule(
            value = "self.all(k, !k.startsWith('castellan.dev/') && !k.startsWith('app.kubernetes.io/'))",
            message =
                    "template.labels: castellan.dev/ and app.kubernetes.io/ are the operator's own: use another prefix")
    public Map<String, String> labels;

    @JsonPropertyDescription("Annotations beside the operator's own.")
    @Size(max = 50)
    @ValidationRule(
            value = "self.all(k, !k.startsWith('castellan.dev/'))",
            message = "template.annotations: castellan.dev/ is the operator's own: use another prefix")
    public Map<String, String> annotations;

    @JsonPropertyDescription(
            "Labels that a Kubernetes node must have, for example {disktype: ssd}. The zone is set from" + " zones.")
    @Size(max = 50)
    @ValidationRule(
            value = "!('topology.kubernetes.io/zone' in self)",
            message = "template.nodeSelector: topology.kubernetes.io/zone is set from zones: set that instead")
    public Map<String, String> nodeSelector;

    @JsonPropertyDescription(
            "Affinity, as in any pod; replaces the default, which prefers a host without another node of"
                    + " the cluster.")
    public Affinity affinity;

    @JsonPropertyDescription("Tolerations of taints, as in any pod.")
    @Size(max = 50)
    public List<Toleration> tolerations;

    @JsonPropertyDescription("Topology spread constraints, as in any pod; replace the default, which spreads a cluster"
            + " without zones over hosts.")
    @Size(max = 20)
    public List<TopologySpreadConstraint> topologySpreadConstraints;

    @JsonPropertyDescription("Name of the PriorityClass, as in any pod.")
    @Size(min = 1, max = 253)
    public String priorityClassName;

    @JsonPropertyDescription("Secrets with credentials for the image's registry, as in any pod.")
    @Size(max = 20)
    public List<LocalObjectReference> imagePullSecrets;

    @JsonPropertyDescription("Environment variables of the Kafka container beside the operator's own. JVM options go to"
            + " jvm.options.")
    @Size(max = 100)
    @ValidationRule(
            value = "self.all(e, !(e.name in ['POD_NAME', 'POD_NAMESPACE', 'NODE_ID', 'HOST_IP', 'JDK_JAVA_OPTIONS']))",
            message = "template.env: POD_NAME, POD_NAMESPACE, NODE_ID, HOST_IP and JDK_JAVA_OPTIONS are set by the"
                    + " operator: use other names, and jvm.options for options of the JVM")
    public List<EnvVar> env;

    @JsonPropertyDescription(
            "Seconds that a node may take to hand over its leaders and stop cleanly before it is killed."
                    + " Default: 300. A kill costs a recovery of its logs at the next start, no data.")
    @Min(10)
    @Max(86400)
    public Long terminationGracePeriodSeconds;
}
