package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Quantity;

/** Volumes that grow by themselves as they fill. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class AutoGrow {
    @JsonPropertyDescription("The largest that each volume may become by itself, for example 500Gi. No default.")
    @Required
    public Quantity max;

    @JsonPropertyDescription(
            "How full a volume must be to grow, in percent of its size. A low figure leaves more time to"
                    + " storage that grows slowly. Default: 80.")
    @Min(30)
    @Max(90)
    public Integer at;
}
