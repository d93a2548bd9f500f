package dev.castellan.operator.cluster;

import java.util.Set;

/** The ports of a node that are not the user's. */
public final class Ports {
    /** Between brokers, and from the operator. */
    public static final int PEER = 9091;

    /** Between controllers, and from brokers to them. */
    public static final int CONTROLLER = 9093;

    /** Health, state and metrics over HTTP. */
    public static final int AGENT = 8080;

    public static final Set<Integer> RESERVED = Set.of(PEER, CONTROLLER, AGENT);

    private Ports() {}
}
