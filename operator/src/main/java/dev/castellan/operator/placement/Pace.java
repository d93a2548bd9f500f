package dev.castellan.operator.placement;

import dev.castellan.api.v1beta1.Rebalance;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/**
 * How fast replicas move from broker to broker, and for what, as a cluster's owner says.
 *
 * @param bytesPerSecond of each broker, in and out
 * @param maxBytesPerSecond the same where copies do not gain on what is produced meanwhile
 * @param onScale all get even shares of the replicas that there are, when brokers have come or gone
 * @param request another than before: all get even shares now
 * @param whenSkewAbove in percent: all get even shares when the fullest broker has so much more bytes than the average
 */
public record Pace(
        long bytesPerSecond,
        long maxBytesPerSecond,
        boolean onScale,
        Optional<String> request,
        Optional<Integer> whenSkewAbove) {
    private static final long DEFAULT_THROTTLE = 50 * 1024 * 1024;
    private static final int MAX_THROTTLES = 4;

    /** @param rebalance null: nothing is said */
    public static Pace of(Rebalance rebalance) {
        var declared = Optional.ofNullable(rebalance);
        long throttle = declared.map(said -> said.throttle).map(Pace::bytes).orElse(DEFAULT_THROTTLE);
        return new Pace(
                throttle,
                Math.max(
                        throttle,
                        declared.map(said -> said.maxThrottle).map(Pace::bytes).orElse(MAX_THROTTLES * throttle)),
                declared.map(said -> said.onScale).orElse(true),
                declared.map(said -> said.request),
                declared.map(said -> said.whenSkewAbove));
    }

    private static long bytes(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity).longValue();
    }
}
