package dev.castellan.e2e.traffic;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** How steady traffic gets to a cluster, which may not be there yet, or may be away for a while. */
record Access(String bootstrap) {
    Properties settings(Map<String, String> special) {
        var settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        // After an outage clients should not be what is slow.
        settings.put("reconnect.backoff.max.ms", "200");
        settings.put("retry.backoff.max.ms", "200");
        settings.put("metadata.max.age.ms", "5000");
        settings.putAll(special);
        return settings;
    }

    /** Until DNS knows it, which may have been asked a moment too early, and remember that. */
    void awaitAddress(Duration patience) throws UnknownHostException, InterruptedException {
        var host = bootstrap.substring(0, bootstrap.indexOf(':'));
        var deadline = Instant.now().plus(patience);
        while (!isKnown(host)) {
            if (Instant.now().isAfter(deadline)) {
                throw new UnknownHostException(host);
            }
            Thread.sleep(100); // DNS has no watch for this.
        }
    }

    private static boolean isKnown(String host) {
        try {
            return InetAddress.getByName(host) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * With a client of its own each time: one that was made before the address resolves may never recover.
     *
     * @return whether the topic is there now
     */
    boolean createTopic(String topic, int partitions, Consumer<String> problem) throws InterruptedException {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", bootstrap, "default.api.timeout.ms", "5000", "request.timeout.ms", "2000");
        try (var admin = Admin.create(settings)) {
            admin.createTopics(Set.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            problem.accept("topic not created yet: " + e.getCause());
            return e.getCause() instanceof TopicExistsException;
        } catch (KafkaException e) {
            problem.accept("topic not created yet: " + e);
            return false;
        }
    }
}
