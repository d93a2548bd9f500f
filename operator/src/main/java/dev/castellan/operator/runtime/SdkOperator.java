package dev.castellan.operator.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkiverse.operatorsdk.runtime.QuarkusControllerConfiguration;
import io.quarkus.arc.ClientProxy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;

/**
 * The SDK's operator, made here because the Quarkus extension (7.7) drops triggerReconcilerOnAllEvents on its way from
 * the annotation, and with it every event of a deletion.
 */
public class SdkOperator {
    @Produces
    @ApplicationScoped
    Operator operator(
            QuarkusConfigurationService configuration, @Any Instance<Reconciler<? extends HasMetadata>> reconcilers) {
        var operator = new Operator(configuration);
        reconcilers.forEach(reconciler -> register(operator, reconciler, configuration));
        return operator;
    }

    private static <P extends HasMetadata> void register(
            Operator operator, Reconciler<P> reconciler, QuarkusConfigurationService service) {
        var configuration = service.getConfigurationFor(reconciler);
        var annotation = ClientProxy.unwrap(reconciler).getClass().getAnnotation(ControllerConfiguration.class);
        operator.register(
                reconciler,
                annotation.triggerReconcilerOnAllEvents() ? new OfAllEvents<>(configuration, service) : configuration);
    }

    private static final class OfAllEvents<P extends HasMetadata> extends QuarkusControllerConfiguration<P> {
        private OfAllEvents(QuarkusControllerConfiguration<P> of, QuarkusConfigurationService service) {
            super(
                    of.getInformerConfig(),
                    of.getName(),
                    of.isGenerationAware(),
                    of.getAssociatedReconcilerClassName(),
                    of.getRetry(),
                    of.getRateLimiter(),
                    of.maxReconciliationInterval().orElseThrow(),
                    of.getFinalizerName(),
                    of.fieldManager(),
                    of.getWorkflow(),
                    of.getResourceTypeName(),
                    of.getResourceClass());
            setParent(service);
        }

        @Override
        public boolean triggerReconcilerOnAllEvents() {
            return true;
        }
    }
}
