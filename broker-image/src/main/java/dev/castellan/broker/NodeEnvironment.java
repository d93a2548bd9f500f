package dev.castellan.broker;

import java.util.Map;

/** What the pod alone knows: its name, its node's address and the node id that its StatefulSet gave it. */
record NodeEnvironment(String podName, int nodeId, String hostIp) {

    static NodeEnvironment of(Map<String, String> env) {
        return new NodeEnvironment(
                required(env, "POD_NAME"), nodeId(required(env, "NODE_ID")), env.getOrDefault("HOST_IP", ""));
    }

    private static int nodeId(String text) {
        try {
            int id = Integer.parseInt(text);
            if (id >= 0) {
                return id;
            }
        } catch (NumberFormatException ignored) {
            // the same answer as for a negative number
        }
        throw new Fatal("Environment variable NODE_ID must be a number of at least 0, not '" + text + "'");
    }

    private static String required(Map<String, String> env, String name) {
        String value = env.get(name);
        if (value == null || value.isBlank()) {
            throw new Fatal("Environment variable " + name + " is missing");
        }
        return value;
    }
}
