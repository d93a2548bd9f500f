package dev.castellan.operator.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is done for nodes whose host, a Kubernetes node, is gone, as the user wants it, with defaults applied.
 *
 * @param replaces they are made again elsewhere
 * @param grace after they have been down for so long
 * @param givenUp uids of volume claims whose data the user does without; of pods, where storage is ephemeral
 */
public record Healing(boolean replaces, Duration grace, Set<String> givenUp) {
    /** Nothing is done. */
    static final Healing NONE = new Healing(false, Duration.ZERO, Set.of());

    private static final String DEFAULT_GRACE = "10m";

    static Healing of(Optional<dev.castellan.api.v1beta1.Healing> declared, List<Problem> problems) {
        var healing = declared.orElseGet(dev.castellan.api.v1beta1.Healing::new);
        return new Healing(
                !Boolean.FALSE.equals(healing.replaceLostVolumes),
                Durations.parse(
                        "spec.healing.brokerGrace",
                        Optional.ofNullable(healing.brokerGrace).orElse(DEFAULT_GRACE),
                        problems),
                Set.copyOf(Optional.ofNullable(healing.acceptDataLossOn).orElse(List.of())));
    }
}
