package dev.castellan.operator.cluster.plan;

import java.time.Duration;
import java.util.List;

/** The one thing to do next, with its reason, which is the text that the user reads in status. */
public sealed interface Step {
    String reason();

    /** Nothing can be done now. An event usually wakes us; recheck is for what Kubernetes cannot tell. */
    record Wait(String reason, Duration recheck) implements Step {}

    /** Nothing but a change by the user can help. */
    record Stall(StallReason kind, String reason) implements Step {}

    /** The quorum has a leader: from now on no new disk founds one. */
    record MarkFormed(String reason) implements Step {}

    /** Creates or updates StatefulSets whose pods are not disrupted by it. */
    record ApplyNodeSets(List<String> names, String reason) implements Step {}

    /** A controller came back with a new disk: its old entry goes, so that the new one can join. */
    record RemoveVoter(int nodeId, String directoryId, String reason) implements Step {}

    record AddVoter(int nodeId, String directoryId, String host, String reason) implements Step {}

    /** Deletes one pod, so that it comes back as its StatefulSet now says. */
    record RestartNode(int nodeId, String pod, String reason) implements Step {}

    record Done(String reason) implements Step {}

    /** Why a cluster stalls; public API, listed in the docs. */
    enum StallReason {
        ScaleDownNotSupported,
        ForeignObject,
        InvalidSpec
    }
}
