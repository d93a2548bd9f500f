package dev.castellan.operator.kafka;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Client settings for a cluster whose pods come and go, with other addresses each time. */
final class AdminSettings {
    private AdminSettings() {}

    static Map<String, Object> of(String bootstrap) {
        var settings = new TreeMap<String, Object>();
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "castellan");
        // One name may stand for many pods: try each of its addresses, and ask DNS again afterwards.
        settings.put(AdminClientConfig.CLIENT_DNS_LOOKUP_CONFIG, "use_all_dns_ips");
        // Pods that all have new addresses are found by their names at once, not after the default five minutes.
        settings.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "rebootstrap");
        settings.put(CommonClientConfigs.METADATA_RECOVERY_REBOOTSTRAP_TRIGGER_MS_CONFIG, 2_000L);
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 50L);
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        settings.put(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 50L);
        settings.put(AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500L);
        // A node that died without a word costs this much, then the next one is asked.
        settings.put(AdminClientConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1_000L);
        settings.put(AdminClientConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 2_000L);
        // Not below the deadline of a whole call: the client would send a change again that a busy controller is still
        // at, and what was done by the first would be answered with "exists already".
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ApacheKafkaAdmin.ACT.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ApacheKafkaAdmin.ACT.toMillis());
        // A hundred clusters' client metrics in JMX serve nobody.
        settings.put(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return settings;
    }
}
