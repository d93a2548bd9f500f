package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Set;

/** What is asked of the agent in a node's pod, and of nobody else: it alone knows what the kernel says of a disk. */
public interface Agents {

    /** What it says of its disks now; nothing, too, if it does not answer. */
    DiskReport disks(Pod pod);

    /**
     * Log directories on disks that have not answered for long, and may answer yet, by what the agent said last. Nobody waits for it: it
     * may be waiting for a disk itself, or be gone.
     */
    Set<String> hangingDisks(Pod pod);

    /**
     * Log directories on disks that are not as they should be.
     *
     * @param failed with the reason; a full disk has not
     * @param full with the size of its file system, in bytes
     * @param roomAgain those that were full at some time since the node's process began
     */
    record DiskReport(Map<String, String> failed, Map<String, Long> full, Set<String> roomAgain) {
        public static final DiskReport NOTHING = new DiskReport(Map.of(), Map.of(), Set.of());
    }
}
