package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.Ports;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;

/** What the kubelet asks of a node's agent. */
final class Probes {
    private static final int A_DAY = 24 * 60 * 60;

    private Probes() {}

    /** Only waits until the agent answers. It never kills: a node that recovers its logs for hours is at work. */
    static Probe startup() {
        return of("/livez", 1, 1, A_DAY);
    }

    /** By the second, since a roll waits for it; the answer costs the agent next to nothing. */
    static Probe readiness() {
        return of("/readyz", 1, 2, 2);
    }

    /** Gentle: a restart costs more than half a minute of a process that hangs. */
    static Probe liveness() {
        return of("/livez", 10, 5, 6);
    }

    private static Probe of(String path, int period, int timeout, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(Ports.AGENT))
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(period)
                .withTimeoutSeconds(timeout)
                .withSuccessThreshold(1)
                .withFailureThreshold(failures)
                .build();
    }
}
