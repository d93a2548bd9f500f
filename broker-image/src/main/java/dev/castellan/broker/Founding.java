package dev.castellan.broker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While a cluster forms, a broker without a vote comes in when the quorum has committed something.
 *
 * <p>Until then the records that it would fetch may be taken back by another leader. Kafka (4.2 to 4.4) copes with that in all but one
 * way: a node that truncates its metadata log to the very start forgets who the voters are, for good, and never finds a controller
 * again. What is committed is never taken back.
 */
final class Founding {
    private static final Logger LOG = LoggerFactory.getLogger(Founding.class);

    /** Who leads, kraft.version, and the voters. */
    private static final long FIRST_RECORDS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private Founding() {}

    /** Returns at once where there is nothing to wait for; else when the quorum has committed, however long that takes. */
    static void await(NodeConfig config, Identity identity) {
        if (identity.formed() || config.isController()) {
            return;
        }
        var voters = config.kafka().get(NodeConfig.BOOTSTRAP);
        LOG.info("The cluster has not formed yet: waiting until its quorum ({}) has committed", voters);
        await(() -> hasCommitted(voters));
        LOG.info("The quorum has committed");
    }

    static void await(BooleanSupplier committed) {
        try {
            while (!committed.getAsBoolean()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fatal("Interrupted while waiting for the quorum");
        }
    }

    /** Only the leader answers. */
    private static boolean hasCommitted(String voters) {
        var settings = Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG, voters,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        try (var admin = Admin.create(settings)) {
            var quorum = admin.describeMetadataQuorum().quorumInfo().get();
            return quorum.highWatermark() >= FIRST_RECORDS;
        } catch (KafkaException | ExecutionException e) {
            LOG.debug("The quorum does not answer yet", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fatal("Interrupted while waiting for the quorum");
        }
    }
}
