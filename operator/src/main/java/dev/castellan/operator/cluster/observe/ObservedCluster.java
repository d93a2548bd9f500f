package dev.castellan.operator.cluster.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.List;

/** The facts about a cluster at one moment; the only thing besides the desired state that a plan may look at. */
public record ObservedCluster(
        Instant now,
        List<StatefulSet> statefulSets,
        List<Pod> pods,
        List<PersistentVolumeClaim> claims,
        ObservedKafka kafka) {}
