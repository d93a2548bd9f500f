package dev.castellan.operator.runtime;

import dev.castellan.operator.kube.ApiServerKube;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.kubernetes.client.KubernetesConfigCustomizer;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What the operator's parts are given from outside. */
public class OperatorBeans {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** The API server takes the manager of fields that a plain create sets from the user agent. */
    @Produces
    @Singleton
    KubernetesConfigCustomizer client() {
        return config -> config.setUserAgent(ApiServerKube.FIELD_MANAGER + "/0.1.0");
    }

    /** Null where it is switched off: that is how the SDK is told. */
    @Produces
    @Dependent
    LeaderElectionConfiguration leaderElection(OperatorConfig config) {
        var election = config.leaderElection();
        if (!election.enabled()) {
            return null;
        }
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(election.leaseName())
                .withLeaseNamespace(election.namespace().orElse(null))
                .withLeaseDuration(election.leaseDuration())
                .withRenewDeadline(election.renewDeadline())
                .withRetryPeriod(election.retryPeriod())
                .build();
    }
}
