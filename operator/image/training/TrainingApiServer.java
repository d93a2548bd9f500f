import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Plays the API server while the operator's image is built, so that the operator can write down which classes and
 * methods its first minute needs. It knows one KafkaCluster and says yes to every write; it is no good for a test.
 */
public class TrainingApiServer {
    private static final String NAMESPACE = "training";
    private static final Map<String, String> KINDS = Map.of(
            "kafkaclusters", "KafkaCluster",
            "kafkatopics", "KafkaTopic",
            "statefulsets", "StatefulSet",
            "persistentvolumeclaims", "PersistentVolumeClaim",
            "configmaps", "ConfigMap",
            "serviceaccounts", "ServiceAccount",
            "poddisruptionbudgets", "PodDisruptionBudget",
            "networkpolicies", "NetworkPolicy",
            "services", "Service",
            "pods", "Pod");

    private final Map<String, JsonArray> items;

    TrainingApiServer(JsonObject cluster, JsonObject topic) {
        items = Map.of("kafkaclusters", new JsonArray().add(cluster), "kafkatopics", new JsonArray().add(topic));
    }

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        var server = new TrainingApiServer(read(folder, "cluster.json"), read(folder, "topic.json"));
        var options = new HttpServerOptions()
                .setPort(6443)
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PfxOptions()
                        .setPath(folder.resolve("server.p12").toString())
                        .setPassword("training"));
        Vertx.vertx()
                .createHttpServer(options)
                .requestHandler(request -> request.body().onSuccess(body -> server.answer(request, body)))
                // Watches come as web sockets. Nothing ever happens, they stay open.
                .webSocketHandler(watch -> {})
                .listen();
    }

    private static JsonObject read(Path folder, String file) throws Exception {
        return new JsonObject(Files.readString(folder.resolve(file)));
    }

    private void answer(HttpServerRequest request, Buffer body) {
        var plural = plural(request.path());
        if (request.method() == HttpMethod.GET && request.path().endsWith("/" + plural)) {
            send(request, 200, list(plural));
        } else if (request.method() == HttpMethod.GET) {
            send(request, 404, new JsonObject().put("kind", "Status").put("status", "Failure").put("code", 404));
        } else {
            send(request, request.method() == HttpMethod.POST ? 201 : 200, stored(body.toJsonObject()));
        }
    }

    private JsonObject list(String plural) {
        return new JsonObject()
                .put("kind", KINDS.getOrDefault(plural, "") + "List")
                .put("metadata", new JsonObject().put("resourceVersion", "1"))
                .put("items", items.getOrDefault(plural, new JsonArray()));
    }

    /** As if it had been written: with all that the API server adds. */
    private static JsonObject stored(JsonObject object) {
        var metadata = object.getJsonObject("metadata", new JsonObject());
        metadata.put("namespace", metadata.getString("namespace", NAMESPACE))
                .put("uid", "00000000-0000-0000-0000-" + String.format("%012x", object.hashCode()))
                .put("generation", 1)
                .put("creationTimestamp", "2026-01-01T00:00:00Z")
                .put("resourceVersion", "2");
        if ("SelfSubjectRulesReview".equals(object.getString("kind"))) {
            object.put("status", leasesAllowed());
        }
        return object.put("metadata", metadata);
    }

    private static JsonObject leasesAllowed() {
        var rule = new JsonObject()
                .put("apiGroups", new JsonArray().add("coordination.k8s.io"))
                .put("resources", new JsonArray().add("leases"))
                .put("verbs", new JsonArray().add("create").add("update").add("get"));
        return new JsonObject()
                .put("incomplete", false)
                .put("resourceRules", new JsonArray().add(rule))
                .put("nonResourceRules", new JsonArray());
    }

    /** The last part of the path that names a kind. */
    private static String plural(String path) {
        var parts = path.split("/");
        for (int i = parts.length - 1; i >= 0; i--) {
            if (KINDS.containsKey(parts[i])) {
                return parts[i];
            }
        }
        return "";
    }

    private static void send(HttpServerRequest request, int status, JsonObject body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body.toBuffer());
    }
}
