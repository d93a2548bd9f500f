package dev.castellan.e2e.bench;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes to the API server as it counts them itself, by resource; it does not tell by whom. */
record Writes(Map<String, Double> byResource) {
    private static final Set<String> VERBS = Set.of("POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION");

    /** All that were written so far. */
    static Writes of(KubernetesClient client) {
        var counted = new TreeMap<String, Double>();
        PrometheusPage.of(client.raw("/metrics"))
                .samples("apiserver_request_total")
                .filter(sample -> VERBS.contains(sample.labels().get("verb")))
                .forEach(sample -> counted.merge(resource(sample.labels()), sample.value(), Double::sum));
        return new Writes(counted);
    }

    /** What the operator's role lets it write: anything else cannot have been its doing. */
    static Set<String> allowed(KubernetesClient client, String role) {
        var allowed = new TreeSet<String>();
        for (var rule : client.rbac().clusterRoles().withName(role).require().getRules()) {
            if (rule.getVerbs().stream()
                    .anyMatch(verb -> !Set.of("get", "list", "watch").contains(verb))) {
                for (var group : rule.getApiGroups()) {
                    rule.getResources().forEach(resource -> allowed.add(group + "/" + resource));
                }
            }
        }
        return allowed;
    }

    Writes since(Writes earlier) {
        var later = new TreeMap<>(byResource);
        earlier.byResource.forEach((resource, count) -> later.merge(resource, -count, Double::sum));
        later.values().removeIf(count -> count == 0);
        return new Writes(later);
    }

    double to(Set<String> resources) {
        return byResource.entrySet().stream()
                .filter(entry -> resources.contains(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static String resource(Map<String, String> labels) {
        var subresource = labels.get("subresource");
        return labels.get("group") + "/" + labels.get("resource") + (subresource.isEmpty() ? "" : "/" + subresource);
    }
}
