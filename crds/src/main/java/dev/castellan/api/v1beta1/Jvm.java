package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/** The Java process of a node. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class Jvm {
    /** Heap; unset: half of the memory limit, at most 6Gi; the rest is the page cache's. */
    public Quantity heap;

    /** Further options of the java command. */
    public List<String> options;
}
