package dev.castellan.operator.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At most one replica works. One that is told to stop gives the lease back, so that the other takes over at once; one
 * that loses it ends on the spot, since what it still runs is no longer its to do.
 */
@Singleton
public class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final int FIRST = 1;
    /** The SDK stops without a priority of its own, which is that of applications. */
    private static final int AFTER_THE_SDK = 4_000;

    private final OperatorConfig.LeaderElection election;
    private final KubernetesClient client;
    private final String identity = Optional.ofNullable(System.getenv("HOSTNAME"))
            .filter(name -> !name.isBlank())
            .orElseGet(() -> UUID.randomUUID().toString());
    private volatile boolean stopping;

    public Leadership(OperatorConfig config, KubernetesClient client) {
        this.election = config.leaderElection();
        this.client = client;
    }

    LeaderElectionConfiguration configuration() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(election.leaseName())
                .withLeaseNamespace(namespace())
                .withIdentity(identity)
                .withLeaseDuration(election.leaseDuration())
                .withRenewDeadline(election.renewDeadline())
                .withRetryPeriod(election.retryPeriod())
                // What this builder builds (JOSDK 5.3) goes on working when the lease is lost: ending is up to us.
                .withLeaderCallbacks(new LeaderCallbacks(() -> {}, this::stoppedLeading, leader -> {}))
                .build();
    }

    void stopping(@Observes @Priority(FIRST) ShutdownEvent event) {
        stopping = true;
    }

    void stopped(@Observes @Priority(AFTER_THE_SDK) ShutdownEvent event) {
        if (election.enabled()) {
            try {
                release();
            } catch (KubernetesClientException e) {
                LOG.warn("The lease was not given back, it has to expire: {}", e.getMessage());
            }
        }
    }

    private void stoppedLeading() {
        if (!stopping) {
            LOG.warn("The lease is lost, which another replica may hold by now: this one ends");
            Runtime.getRuntime().halt(1);
        }
    }

    /** The resource version holds that nobody else has got it meanwhile. */
    private void release() {
        var lease = client.leases().inNamespace(namespace()).withName(election.leaseName());
        var held = lease.get();
        if (held != null && identity.equals(held.getSpec().getHolderIdentity())) {
            lease.patch(
                    PatchContext.of(PatchType.JSON_MERGE),
                    "{\"metadata\":{\"resourceVersion\":\"%s\"},\"spec\":{\"holderIdentity\":\"\",\"leaseDurationSeconds\":1}}"
                            .formatted(held.getMetadata().getResourceVersion()));
        }
    }

    private String namespace() {
        return election.namespace().orElseGet(client::getNamespace);
    }
}
