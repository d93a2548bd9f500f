package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/** The Java process of a node. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class Jvm {
    @JsonPropertyDescription(
            "Heap (-Xms and -Xmx), for example 4Gi. Default: half of the memory limit, at most 6Gi; the"
                    + " rest is for Kafka's page cache.")
    public Quantity heap;

    @JsonPropertyDescription("Further options of the java command, one in each item, for example"
            + " [-XX:MaxGCPauseMillis=50]. Default: from 1Gi of memory and, where it is limited, two CPUs upwards the G1 collector,"
            + " as Kafka's own scripts set it (-XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35); below, what Java"
            + " chooses. One that you name takes its place.")
    @Size(max = 50)
    @ValidationRule(
            value = "self.all(o, !o.startsWith('-Xmx') && !o.startsWith('-Xms'))",
            message = "jvm.options: -Xms and -Xmx are set from jvm.heap: set that instead")
    public List<String> options;
}
