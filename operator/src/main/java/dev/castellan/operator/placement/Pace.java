package dev.castellan.operator.placement;

import dev.castellan.api.v1beta1.Rebalance;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/**
 * How fast replicas move from broker to broker, as a cluster's owner says.
 *
 * @param bytesPerSecond of each broker, in and out
 */
public record Pace(long bytesPerSecond) {
    private static final long DEFAULT_THROTTLE = 50 * 1024 * 1024;

    /** @param rebalance null: nothing is said */
    public static Pace of(Rebalance rebalance) {
        return new Pace(Optional.ofNullable(rebalance)
                .map(declared -> declared.throttle)
                .map(quantity -> Quantity.getAmountInBytes(quantity).longValue())
                .orElse(DEFAULT_THROTTLE));
    }
}
