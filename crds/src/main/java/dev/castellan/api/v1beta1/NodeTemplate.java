package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;

/** What all groups of Kafka nodes (brokers, a pool of them, controllers) may decide about their pods. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = Rules.EPHEMERAL + " == " + Rules.OLD_EPHEMERAL,
        message = "storage.ephemeral cannot be changed after creation: nodes would lose their disks; make a new pool of"
                + " brokers, or a new cluster")
@ValidationRule(
        value = Rules.CLASS + " == " + Rules.OLD_CLASS,
        message = "storage.storageClass cannot be changed after creation: existing disks stay where they are; make a"
                + " new pool of brokers, or a new cluster")
@ValidationRule(
        value = Rules.JBOD + " == " + Rules.OLD_JBOD,
        message = "storage.volumes cannot be set or unset after creation: data does not move between disks; make a new"
                + " pool of brokers, or a new cluster")
@ValidationRule(
        value = Rules.EPHEMERAL + " || !quantity(" + Rules.SIZE + ").isLessThan(quantity(" + Rules.OLD_SIZE + "))",
        messageExpression = "'storage.size cannot shrink from ' + " + Rules.OLD_SIZE + " + ' to ' + " + Rules.SIZE
                + " + ': Kubernetes never makes a volume smaller; set it to at least ' + " + Rules.OLD_SIZE,
        message = "storage.size cannot shrink: Kubernetes never makes a volume smaller")
public class NodeTemplate {
    @JsonPropertyDescription("Zones that the nodes are spread over evenly, as values of the Kubernetes nodes' label"
            + " topology.kubernetes.io/zone, for example [eu-west-1a, eu-west-1b, eu-west-1c]. Each zone is a StatefulSet"
            + " of its own, and broker.rack is the zone, so that replicas of a partition lie in different zones. If the"
            + " nodes do not divide by the zones, the first zones get one more. Default: no zones; nodes are spread over"
            + " hosts. Zones of brokers may be added and removed at any time: data moves out of a zone before its brokers go."
            + " Zones of controllers cannot be changed after creation.")
    @Size(min = 1, max = 9)
    public List<String> zones;

    @JsonPropertyDescription("Disks of each node. Default: one persistent volume of 10Gi in the default storage class,"
            + " which is kept when the cluster is deleted.")
    public Storage storage;

    @JsonPropertyDescription(
            "CPU and memory of each node's container, as in any pod, for example"
                    + " `{requests: {cpu: 500m, memory: 2Gi}, limits: {memory: 2Gi}}`. The memory limit also decides the heap, see"
                    + " jvm.heap. Default: requests of cpu 250m and memory 1Gi, memory limit 1Gi. A change"
                    + " that leaves Java's options as they are, above all the heap, reaches each node while it runs, where Kubernetes can"
                    + " resize pods in place (since 1.35). Others restart nodes one after the other: another heap, less memory, a limit"
                    + " taken away, another class of service, or limits that become too small for the G1 collector, or large enough.")
    public ResourceRequirements resources;

    @JsonPropertyDescription("The Java process of each node. A change reaches each node at its next restart.")
    public Jvm jvm;

    @JsonPropertyDescription("Additions to each node's pod. A change reaches each node at its next restart.")
    public PodTemplate template;
}
