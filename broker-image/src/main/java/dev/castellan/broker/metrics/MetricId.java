package dev.castellan.broker.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A metric's place in Kafka's naming ({@code kafka.server:type=ReplicaManager,name=PartitionCount}) and its labels. Pure. */
record MetricId(String domain, String type, String name, Map<String, String> labels) {

    static MetricId parse(String mbeanName) {
        int colon = mbeanName.indexOf(':');
        var properties = new TreeMap<String, String>();
        for (String property : mbeanName.substring(colon + 1).split(",")) {
            int equals = property.indexOf('=');
            properties.put(property.substring(0, equals), unquote(property.substring(equals + 1)));
        }
        String type = properties.remove("type");
        String name = properties.remove("name");
        return new MetricId(mbeanName.substring(0, colon), type, name == null ? "" : name, properties);
    }

    private static String unquote(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** As the JMX exporter would call it, so that the dashboards people have go on working. */
    String family() {
        return (domain + "_" + type + "_" + name)
                .replaceAll("[^A-Za-z0-9_]", "_")
                .toLowerCase(Locale.ROOT);
    }
}
