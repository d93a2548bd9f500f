package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A way in for clients. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.type) || self.type != 'nodeport' || has(self.nodePort)",
        messageExpression = "'listener ' + self.name + ' is of type nodeport and needs nodePort, for example 30092'",
        message = "a listener of type nodeport needs nodePort")
@ValidationRule(
        value = "(has(self.type) && self.type == 'nodeport') || (!has(self.nodePort) && !has(self.advertised))",
        messageExpression =
                "'listener ' + self.name + ': nodePort and advertised are for type nodeport only: set type: nodeport, or"
                        + " remove them'",
        message = "nodePort and advertised are for listeners of type nodeport only")
public class Listener {
    @JsonPropertyDescription(
            "Name of the listener, for example `plain`; Kafka knows it in upper case. Part of Services'"
                    + " names. `peer`, `controller` and `agent` are taken.")
    @Required
    @Size(min = 1, max = 12)
    @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
    @ValidationRule(
            value = "!(self in ['peer', 'controller', 'agent'])",
            messageExpression =
                    "'the listener name ' + self + ' is taken by the cluster itself: choose another, for example plain'",
            message = "the listener names peer, controller and agent are taken by the cluster itself")
    public String name;

    @JsonPropertyDescription("Port of the broker pods, and for type internal of the bootstrap Service"
            + " <cluster>-bootstrap; for example 9092. 9091, 9093 and 8080 are taken.")
    @Required
    @Min(1)
    @Max(65535)
    @ValidationRule(
            value = "!(self in [9091, 9093, 8080])",
            messageExpression = "'port %d is taken: 9091 (between brokers), 9093 (controllers) and 8080 (health and"
                    + " metrics) are used by the cluster itself; choose another, for example 9092'.format([self])",
            message = "the ports 9091, 9093 and 8080 are used by the cluster itself")
    public Integer port;

    @JsonPropertyDescription(
            "internal: for clients inside Kubernetes. nodeport: also for clients outside, through a port"
                    + " on each Kubernetes node. Default: internal.")
    public Type type;

    @JsonPropertyDescription("For nodeport: port on the Kubernetes nodes under which clients bootstrap, for example"
            + " 30092. The broker with node id I takes nodePort + 1 + I, so these must be free and in the node port"
            + " range of your Kubernetes (by default 30000-32767). Node ids start at 0; each further zone and pool"
            + " starts at the next thousand.")
    @Min(1)
    @Max(65535)
    public Integer nodePort;

    @JsonPropertyDescription("For nodeport: the address that clients are told, where it is not that of the Kubernetes"
            + " nodes themselves (port forwarding, a load balancer in front, NAT).")
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
        @JsonPropertyDescription("Host name or IP address, for example kafka.example.com. Default: the address of the"
                + " Kubernetes node on which the broker runs.")
        @Size(min = 1, max = 253)
        @Pattern("^[A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?$")
        public String host;

        @JsonPropertyDescription(
                "Port of the bootstrap address; the broker with node id I is at port + 1 + I. Default:" + " nodePort.")
        @Min(1)
        @Max(65535)
        public Integer port;
    }
}
