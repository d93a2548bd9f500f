package dev.castellan.operator.placement;

import dev.castellan.api.v1beta1.Rebalance;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/**
 * How fast replicas move from broker to broker, and for what, as a cluster's owner says.
 *
 * @param bytesPerSecond of each broker, in and out
 * @param onScale all get even shares of the replicas that there are, when brokers have come or gone
 * @param request another than before: all get even shares now
 * @param whenSkewAbove in percent: all get even shares when the fullest broker has so much more bytes than the average
 */
public record Pace(long bytesPerSecond, boolean onScale, Optional<String> request, Optional<Integer> whenSkewAbove) {
    private static final long DEFAULT_THROTTLE = 50 * 1024 * 1024;

    /** @param rebalance null: nothing is said */
    public static Pace of(Rebalance rebalance) {
        var declared = Optional.ofNullable(rebalance);
        return new Pace(
                declared.map(said -> said.throttle)
                        .map(quantity -> Quantity.getAmountInBytes(quantity).longValue())
                        .orElse(DEFAULT_THROTTLE),
                declared.map(said -> said.onScale).orElse(true),
                declared.map(said -> said.request),
                declared.map(said -> said.whenSkewAbove));
    }
}
