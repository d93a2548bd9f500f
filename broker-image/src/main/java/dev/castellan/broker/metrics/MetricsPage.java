package dev.castellan.broker.metrics;

public final class MetricsPage {
    public String text() {
        return "";
    }
}
