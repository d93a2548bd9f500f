package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A Kustomization of Flux, as its user sees it. */
public record Kustomization(Resource<GenericKubernetesResource> handle, String name) {
    private static final String REQUEST = "reconcile.fluxcd.io/requestedAt";

    /** Flux says that all of this revision is applied, and well. */
    public GenericKubernetesResource awaitApplied(String revision) {
        return await(
                "has applied " + revision,
                now -> revision.equals(now.get("status", "lastAppliedRevision")) && isReady(now));
    }

    /** Flux has given up on this revision, for now; returns what it says of it. */
    public String awaitFailed(String revision, String reason) {
        return failure(await(
                "fails with " + reason + " at " + revision,
                now -> revision.equals(now.get("status", "lastAttemptedRevision"))
                        && failure(now).startsWith(reason)));
    }

    /** Reason and message of what is wrong with it; empty if nothing is. */
    public static String failure(GenericKubernetesResource kustomization) {
        return condition(kustomization, "Ready", "False")
                .map(ready -> ready.get("reason") + ": " + ready.get("message"))
                .orElse("");
    }

    public static boolean isReady(GenericKubernetesResource kustomization) {
        return condition(kustomization, "Ready", "True").isPresent();
    }

    /** As {@code flux reconcile} does: now and not when it is time; waits until that is over, however it ends. */
    public GenericKubernetesResource reconcile() {
        var request = Instant.now().toString();
        Edit.of(handle, now -> {
            var annotations = new HashMap<>(now.getMetadata().getAnnotations());
            annotations.put(REQUEST, request);
            now.getMetadata().setAnnotations(annotations);
        });
        return await("has reconciled", now -> request.equals(now.get("status", "lastHandledReconcileAt")));
    }

    /** How often Flux has ended one way or the other with what it has applied: results, and how many. */
    public static Map<String, Integer> outcomes(GenericKubernetesResource kustomization) {
        var outcomes = new HashMap<String, Integer>();
        List<Map<String, Object>> history = kustomization.get("status", "history");
        history.forEach(entry -> outcomes.merge(
                (String) entry.get("lastReconciledStatus"),
                ((Number) entry.get("totalReconciliations")).intValue(),
                Integer::sum));
        return outcomes;
    }

    public void deleteAndWait() {
        handle.delete();
        Await.untilGone(handle, "Kustomization " + name, Kafka.PATIENCE);
    }

    /** Gone, with nothing deleted of what it applied, once the controller is gone too. */
    void letGo() {
        if (handle.get() != null) {
            Edit.of(handle, now -> now.getMetadata().setFinalizers(List.of()));
            deleteAndWait();
        }
    }

    private GenericKubernetesResource await(String what, Predicate<GenericKubernetesResource> condition) {
        return Await.until(handle, "Kustomization " + name + " " + what, Kafka.PATIENCE, condition);
    }

    private static Optional<Map<String, String>> condition(
            GenericKubernetesResource kustomization, String type, String status) {
        List<Map<String, String>> conditions = kustomization.get("status", "conditions");
        return Optional.ofNullable(conditions).orElse(List.of()).stream()
                .filter(condition -> condition.get("type").equals(type)
                        && condition.get("status").equals(status))
                .findFirst();
    }
}
