package dev.castellan.operator.cluster.observe;

import java.time.Instant;
import java.util.List;

/**
 * The host of a node's disk, a Kubernetes node that does not exist any more, or of which nothing is heard.
 *
 * @param since when both the node and its host have been seen down
 * @param exists Kubernetes still knows it, so that it may come back
 * @param claims the node's volume claims, whose volumes lie there
 * @param uids of these, or of its pod where it has none: that data, and none that comes in its place
 */
public record LostHost(String name, Instant since, boolean exists, List<String> claims, List<String> uids) {

    LostHost notBefore(Instant time) {
        return new LostHost(name, time.isAfter(since) ? time : since, exists, claims, uids);
    }

    public String words() {
        return "Kubernetes node " + name + (exists ? ", which is not ready" : ", which is gone");
    }
}
