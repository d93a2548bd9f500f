package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Set;

/** What is asked of the agent in a node's pod, and of nobody else: it alone knows what the kernel says of a disk. */
public interface Agents {

    /** Log directories on disks that have failed, with the reason; a full disk has not. Empty, too, if it does not answer. */
    Map<String, String> failedDisks(Pod pod);

    /**
     * Log directories on disks that have not answered for long, and may answer yet, by what the agent said last. Nobody waits for it: it
     * may be waiting for a disk itself, or be gone.
     */
    Set<String> hangingDisks(Pod pod);
}
