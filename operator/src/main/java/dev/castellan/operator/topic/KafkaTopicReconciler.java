package dev.castellan.operator.topic;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.kube.ApiServerKube;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/**
 * Passes events on to the workers, and does nothing else: it never waits, never fails, and so needs neither retries nor
 * threads. All events come here, those of deletion too, since only some KafkaTopics bear a finalizer, which the SDK's
 * own handling does not know.
 */
@ControllerConfiguration(
        name = "kafkatopic",
        fieldManager = ApiServerKube.FIELD_MANAGER,
        triggerReconcilerOnAllEvents = true,
        informer = @Informer(informerListLimit = KafkaTopicReconciler.PAGE))
public class KafkaTopicReconciler implements Reconciler<KafkaTopic> {
    /** KafkaTopics in one answer: with ten thousand in one, the answer alone would be more than all that they come to. */
    static final long PAGE = 500;

    private final ApiServerTopics kube;
    private final TopicWorkers workers;

    public KafkaTopicReconciler(ApiServerTopics kube, TopicWorkers workers) {
        this.kube = kube;
        this.workers = workers;
    }

    @Override
    public List<EventSource<?, KafkaTopic>> prepareEventSources(EventSourceContext<KafkaTopic> context) {
        var sources = new TopicEventSources(context);
        kube.readFrom(sources);
        return sources.all();
    }

    @Override
    public UpdateControl<KafkaTopic> reconcile(KafkaTopic topic, Context<KafkaTopic> context) {
        workers.wake(topic);
        return UpdateControl.noUpdate();
    }
}
