package dev.castellan.operator.kafka;

import static dev.castellan.operator.kafka.ApacheKafkaAdmin.OBSERVE;
import static dev.castellan.operator.kafka.ApacheKafkaAdmin.millis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether every broker that runs works with what was set for all of them. */
final class AppliedConfig {
    private static final Logger LOG = LoggerFactory.getLogger(AppliedConfig.class);
    private static final int LOOKS = 100;

    private final Admin client;

    /** Numbers alone: they read the same wherever they are told. */
    private final Map<String, String> wanted = new TreeMap<>();

    AppliedConfig(Admin client, Map<String, String> set) {
        this.client = client;
        set.forEach((key, value) -> {
            if (value.matches("\\d+")) {
                wanted.put(key, value);
            }
        });
    }

    /** No longer than so many looks take, a second or a few: one that hangs is no reason to do nothing else. */
    void await() {
        int looks = 0;
        while (!wanted.isEmpty() && !isApplied()) {
            if (++looks == LOOKS) {
                LOG.debug("Not every broker works with {} yet", wanted);
                return;
            }
        }
    }

    private boolean isApplied() {
        try {
            var options = new DescribeConfigsOptions().timeoutMs(millis(OBSERVE));
            return client.describeConfigs(brokers(), options).values().values().stream()
                    .allMatch(this::isApplied);
        } catch (KafkaUnavailable | KafkaRejected e) {
            LOG.debug("Not every broker tells what it works with", e);
            return true;
        }
    }

    private List<ConfigResource> brokers() {
        var options = new DescribeClusterOptions().timeoutMs(millis(OBSERVE));
        return ApacheKafkaAdmin.await(
                        "list brokers", OBSERVE, client.describeCluster(options).nodes())
                .stream()
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                .toList();
    }

    private boolean isApplied(KafkaFuture<Config> broker) {
        var told = ApacheKafkaAdmin.await("describe a broker's configuration", OBSERVE, broker);
        return wanted.entrySet().stream().allMatch(entry -> isApplied(told.get(entry.getKey()), entry.getValue()));
    }

    /** What somebody has set for one broker alone, it keeps. */
    private static boolean isApplied(ConfigEntry entry, String value) {
        return entry == null
                || entry.source() == ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG
                || value.equals(entry.value());
    }
}
