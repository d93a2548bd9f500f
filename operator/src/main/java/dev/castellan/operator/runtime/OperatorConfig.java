package dev.castellan.operator.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All that an administrator may set about the operator; the chart's values end here. */
@ConfigMapping(prefix = "castellan")
public interface OperatorConfig {
    /** Namespaces whose resources are looked after; none: all. */
    Optional<List<String>> namespaces();

    Images images();

    LeaderElection leaderElection();

    /** Where the brokers' images come from. */
    interface Images {
        /** Put before the names of images, such as registry.example.com/mirror. */
        Optional<String> registry();

        @WithDefault("IfNotPresent")
        String pullPolicy();
    }

    /** At most one replica works; the others keep their caches warm. */
    interface LeaderElection {
        @WithDefault("true")
        boolean enabled();

        /** Unset: the operator's own. */
        Optional<String> namespace();

        @WithDefault("castellan-operator")
        String leaseName();

        /** For so long a leader that died without a word keeps the lease. */
        @WithDefault("10s")
        Duration leaseDuration();

        @WithDefault("7s")
        Duration renewDeadline();

        @WithDefault("2s")
        Duration retryPeriod();
    }
}
