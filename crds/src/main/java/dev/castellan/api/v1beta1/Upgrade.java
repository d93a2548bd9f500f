package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;

/** How an upgrade is brought to its end. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class Upgrade {
    @JsonPropertyDescription(
            "How long all nodes have to run the new version, without one of them having been down, before"
                    + " the metadata takes its feature level; until then spec.version may be lowered again. For example 30m."
                    + " Default: 24h.")
    @Pattern("^([0-9]{1,5}[smh]){1,3}$")
    public String soak;
}
