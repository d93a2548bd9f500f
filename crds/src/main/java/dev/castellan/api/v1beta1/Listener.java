package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A way in for clients. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class Listener {
    public String name;

    /** Port of the pods; for internal listeners also of the bootstrap Service. 9091, 9093 and 8080 are the operator's. */
    public Integer port;

    public Type type;

    /** For nodeport: node port N of the bootstrap Service; the broker with id I has N + 1 + I. */
    public Integer nodePort;

    /** For nodeport: what clients are told. */
    public Advertised advertised;

    /** How clients reach a listener. */
    public enum Type {
        @JsonProperty("internal")
        INTERNAL,
        @JsonProperty("nodeport")
        NODEPORT
    }

    /** Address under which clients outside the cluster reach the brokers. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public static class Advertised {
        /** Host; unset: the address of the node on which a broker runs. */
        public String host;

        /** Port P of the bootstrap address; the broker with id I is advertised at P + 1 + I. Default: nodePort. */
        public Integer port;
    }
}
