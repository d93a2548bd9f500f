package dev.castellan.broker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in what differs from pod to pod in a configuration that a whole StatefulSet shares.
 *
 * <p>Anything else in {@code ${…}} stays as it is, for Kafka's own configuration providers.
 */
record Placeholders(NodeEnvironment environment) {
    private static final Pattern OURS = Pattern.compile("\\$\\{(POD_NAME|HOST_IP|NODE_ID(?:\\+(\\d{1,6}))?)}");

    String fill(String value) {
        return OURS.matcher(value)
                .replaceAll(match -> Matcher.quoteReplacement(valueOf(match.group(1), match.group(2))));
    }

    private String valueOf(String name, String addend) {
        return switch (name) {
            case "POD_NAME" -> environment.podName();
            case "HOST_IP" -> hostIp();
            default -> Integer.toString(environment.nodeId() + (addend == null ? 0 : Integer.parseInt(addend)));
        };
    }

    private String hostIp() {
        if (environment.hostIp().isEmpty()) {
            throw new Fatal("The configuration asks for ${HOST_IP}, but the environment variable HOST_IP is missing");
        }
        return environment.hostIp();
    }
}
