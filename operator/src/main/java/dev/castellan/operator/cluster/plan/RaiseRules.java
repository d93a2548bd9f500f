package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.plan.Step.RaiseThrottle;
import dev.castellan.operator.placement.Backlog.Outrun;
import dev.castellan.operator.placement.Throttle;
import java.util.Optional;

/** Copies that do not gain on what is produced would never end: they are let go faster, as far as the user allows. */
final class RaiseRules {
    private RaiseRules() {}

    static Optional<Step> raise(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .filter(relocation -> !relocation.rate().isAtMost())
                .flatMap(relocation -> outrun(relocation).map(slowest -> {
                    var raised = relocation.rate().raised();
                    return new RaiseThrottle(
                            Throttle.rate(raised),
                            "%s; replicas move at %s a second instead of %s"
                                    .formatted(
                                            words(slowest),
                                            Quantities.rounded(raised.bytesPerSecond()),
                                            Quantities.rounded(relocation.rate().bytesPerSecond())));
                }));
    }

    /** Seen under the very rate that is in force, and that is nobody else's. */
    private static Optional<Outrun> outrun(Relocation relocation) {
        return Throttle.isRate(relocation.rate(), relocation.kafka().config())
                ? relocation.moves().backlog().outrun()
                : Optional.empty();
    }

    private static String words(Outrun slowest) {
        return "what broker %d is to copy has not become less for %d s (%s, now %s), as much is produced meanwhile"
                .formatted(
                        slowest.broker(),
                        slowest.since().toSeconds(),
                        Quantities.rounded(slowest.before()),
                        Quantities.rounded(slowest.now()));
    }

    /** What the rate is, where it is no longer what the user began with, and what helps where it may not be raised any more. */
    static String told(Relocation relocation) {
        var rate = relocation.rate();
        var raised = rate.doublings() == 0
                ? ""
                : "; the throttle of %s a second was raised to %s"
                        .formatted(Quantities.rounded(rate.base()), Quantities.rounded(rate.bytesPerSecond()));
        return outrun(relocation)
                .filter(slowest -> rate.isAtMost())
                .map(slowest -> raised + "; " + words(slowest)
                        + ", and it may not be copied faster: raise spec.rebalance."
                        + (rate.bytesPerSecond() < rate.most() ? "throttle" : "maxThrottle")
                        + ", or let clients produce less")
                .orElse(raised);
    }
}
