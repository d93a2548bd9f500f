package dev.castellan.operator.metrics;

import io.javaoperatorsdk.operator.api.monitoring.Metrics.ControllerExecution;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.concurrent.Callable;

/** A reconcile of the cluster ns/events, as the SDK hands it to the metrics. */
record Execution(Callable<String> work) implements ControllerExecution<String> {
    Execution() {
        this(() -> "done");
    }

    @Override
    public String name() {
        return "reconcile";
    }

    @Override
    public String controllerName() {
        return "kafkacluster";
    }

    @Override
    public String successTypeName(String result) {
        return result;
    }

    @Override
    public ResourceID resourceID() {
        return new ResourceID("events", "ns");
    }

    @Override
    public Map<String, Object> metadata() {
        return Map.of();
    }

    @Override
    public String execute() throws Exception {
        return work.call();
    }
}
