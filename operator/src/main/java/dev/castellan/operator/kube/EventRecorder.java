package dev.castellan.operator.kube;

import dev.castellan.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events, at most one of the same words in ten minutes: they are news for people, and a loop that tells
 * the same thing over and over would bury the rest. An Event that cannot be written is lost, never an error.
 */
@Singleton
public class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final Duration SILENCE = Duration.ofMinutes(10);
    private static final int REMEMBERED = 1_000;
    private static final int LONGEST_NOTE = 1_024;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final OperatorMetrics metrics;
    private final Clock clock;
    private final String instance;
    private final Map<String, Instant> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    public EventRecorder(KubernetesClient client, OperatorMetrics metrics, Clock clock) {
        this.client = client;
        this.metrics = metrics;
        this.clock = clock;
        this.instance = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("castellan");
    }

    public void record(HasMetadata about, Kube.EventType type, String reason, String message) {
        var now = clock.instant();
        if (isNews(about.getMetadata().getUid() + type + reason + message, now)) {
            write(event(about, type, reason, message, now));
        }
    }

    private synchronized boolean isNews(String words, Instant now) {
        var last = told.remove(words);
        var news = last == null || last.plus(SILENCE).isBefore(now);
        told.put(words, news ? now : last);
        return news;
    }

    private void write(Event event) {
        try {
            client.resource(event).create();
            metrics.wrote("Event", "create");
        } catch (KubernetesClientException e) {
            LOG.debug("Event {} was not written: {}", event.getReason(), e.getMessage());
        }
    }

    private Event event(HasMetadata about, Kube.EventType type, String reason, String message, Instant now) {
        var metadata = about.getMetadata();
        // @formatter:off
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(metadata.getNamespace())
                // As client-go names them: unique, and sorted by time.
                .withName(metadata.getName() + "."
                        + Long.toHexString(now.getEpochSecond() * 1_000_000_000L + now.getNano()))
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(now)))
                .withReportingController("castellan.dev/operator")
                .withReportingInstance(instance)
                .withType(type.name())
                .withReason(reason)
                .withAction(reason)
                .withNote(message.length() <= LONGEST_NOTE ? message : message.substring(0, LONGEST_NOTE - 1) + "…")
                .withRegarding(new ObjectReferenceBuilder()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withNamespace(metadata.getNamespace())
                        .withName(metadata.getName())
                        .withUid(metadata.getUid())
                        .build())
                .build();
        // @formatter:on
    }
}
