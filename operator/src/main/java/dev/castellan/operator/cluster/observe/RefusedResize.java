package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.desired.PodChanges.Change;
import java.util.List;

/** What the API server was asked for, and does not change of a pod while it runs. */
public record RefusedResize(String podUid, List<Change> changes) {}
