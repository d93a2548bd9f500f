package dev.castellan.operator.kafka;

/**
 * A broker that is registered with the quorum.
 *
 * @param host the host that it advertises on the listener we asked through; begins with the pod's name
 * @param fenced true: registered, but serves no clients (starting, or out of touch with the controller)
 * @param rack its zone; empty where brokers have none
 */
public record Broker(int nodeId, String host, boolean fenced, String rack) {
    public Broker(int nodeId, String host, boolean fenced) {
        this(nodeId, host, fenced, "");
    }
}
