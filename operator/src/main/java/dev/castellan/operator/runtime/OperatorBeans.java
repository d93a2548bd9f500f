package dev.castellan.operator.runtime;

import dev.castellan.operator.cluster.ClusterLoop;
import dev.castellan.operator.cluster.Ports;
import dev.castellan.operator.cluster.SpecBlueprint;
import dev.castellan.operator.cluster.desired.Installation;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.kafka.KafkaAdminPool;
import dev.castellan.operator.kube.ApiServerKube;
import dev.castellan.operator.kube.HttpAgents;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.kubernetes.client.KubernetesConfigCustomizer;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.apache.kafka.common.Uuid;

/** What the operator's parts are given from outside. */
public class OperatorBeans {
    /** As many as a hundred clusters of three zones have. */
    private static final int REVISIONS = 300;

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    KafkaAdminPool kafkaAdmins() {
        return new KafkaAdminPool();
    }

    void close(@Disposes KafkaAdminPool kafkaAdmins) {
        kafkaAdmins.close();
    }

    @Produces
    @Singleton
    ClusterLoop clusterLoop(OperatorConfig config, Clock clock) {
        var installation = new Installation(
                config.images().registry().orElse(""),
                config.images().pullPolicy(),
                config.leaderElection().namespace());
        var revisions = new KnownRevisions(REVISIONS);
        return new ClusterLoop(
                new SpecBlueprint(
                        installation, revisions, () -> Uuid.randomUuid().toString()),
                revisions,
                new HttpAgents(Ports.AGENT),
                clock);
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
    LeaderElectionConfiguration leaderElection(OperatorConfig config, Leadership leadership) {
        return config.leaderElection().enabled() ? leadership.configuration() : null;
    }
}
