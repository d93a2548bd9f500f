package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import java.util.Optional;

/** One reason to do something, or to wait. Pure. */
@FunctionalInterface
interface Rule {
    Optional<? extends Step> propose(Intent intent, ObservedCluster observed);
}
