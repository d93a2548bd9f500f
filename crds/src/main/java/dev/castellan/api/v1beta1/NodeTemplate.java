package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;

/** What all groups of Kafka nodes (brokers, a pool of them, controllers) may decide about their pods. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class NodeTemplate {
    /** Zones (values of the node label topology.kubernetes.io/zone): one StatefulSet a zone, broker.rack = zone. */
    public List<String> zones;

    public Storage storage;

    public ResourceRequirements resources;

    public Jvm jvm;

    public PodTemplate template;
}
