package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Kubernetes' own change of the CPU and memory of a pod while its processes run. */
public final class PodResize {
    public static final String SUBRESOURCE = "resize";

    private static final String CONTAINER_KEY = "k:{\"name\":\"" + Names.CONTAINER + "\"}";
    private static final Set<String> RESIZABLE = Set.of("cpu", "memory");

    private PodResize() {}

    /**
     * We have resized it: the API server remembers whose word a field is. A pod of which nobody did may have other resources
     * than its StatefulSet asked for since its first day, by admission, and is as it was made nevertheless.
     */
    public static boolean isOurs(Pod pod) {
        for (var entry : pod.getMetadata().getManagedFields()) {
            if (isOurs(entry)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOurs(ManagedFieldsEntry entry) {
        return ApiServerKube.FIELD_MANAGER.equals(entry.getManager()) && SUBRESOURCE.equals(entry.getSubresource());
    }

    /** Forbidden, and not for lack of a permission of ours. */
    static boolean isDenied(int code, String message) {
        return code == 403 && !message.contains("cannot patch resource");
    }

    /** What of it Kafka's container has by our word: others may have added to it, or taken it from us since. */
    public static ResourceRequirements ours(Pod pod) {
        var asked = asked(pod);
        var fields = pod.getMetadata().getManagedFields().stream()
                .filter(PodResize::isOurs)
                .findFirst()
                .map(entry -> fields(entry.getFieldsV1()))
                .orElse(Map.of());
        return new ResourceRequirementsBuilder()
                .withRequests(those(asked.getRequests(), at(fields, "f:requests")))
                .withLimits(those(asked.getLimits(), at(fields, "f:limits")))
                .build();
    }

    private static Map<?, ?> fields(FieldsV1 all) {
        return all == null
                ? Map.of()
                : at(all.getAdditionalProperties(), "f:spec", "f:containers", CONTAINER_KEY, "f:resources");
    }

    private static Map<?, ?> at(Map<?, ?> fields, String... path) {
        var found = fields;
        for (var step : path) {
            found = found.get(step) instanceof Map<?, ?> inner ? inner : Map.of();
        }
        return found;
    }

    private static Map<String, Quantity> those(Map<String, Quantity> quantities, Map<?, ?> fields) {
        var some = new TreeMap<>(quantities);
        some.keySet().removeIf(name -> !fields.containsKey("f:" + name));
        return some;
    }

    /** What Kafka's container of the pod is to have; by the pod's status it may not have it yet. */
    public static ResourceRequirements asked(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .filter(container -> Names.CONTAINER.equals(container.getName()))
                .findFirst()
                .map(Container::getResources)
                .map(PodResize::resizable)
                .orElseGet(ResourceRequirements::new);
    }

    /** Those of them that can be changed so. */
    public static ResourceRequirements resizable(ResourceRequirements resources) {
        return new ResourceRequirementsBuilder()
                .withRequests(resizable(resources.getRequests()))
                .withLimits(resizable(resources.getLimits()))
                .build();
    }

    private static Map<String, Quantity> resizable(Map<String, Quantity> quantities) {
        var some = new TreeMap<>(Objects.requireNonNullElse(quantities, Map.<String, Quantity>of()));
        some.keySet().retainAll(RESIZABLE);
        return some;
    }

    /** The pod has what it was to be given; admission may have made something else of it on the way. */
    static Optional<String> difference(Pod pod, ResourceRequirements wanted) {
        var asked = asked(pod);
        return wanted.getRequests().entrySet().stream()
                .filter(entry -> !isSame(entry.getValue(), asked.getRequests().get(entry.getKey())))
                .map(entry -> "requests." + entry.getKey() + " is "
                        + asked.getRequests().get(entry.getKey()))
                .findFirst()
                .or(() -> wanted.getLimits().entrySet().stream()
                        .filter(entry ->
                                !isSame(entry.getValue(), asked.getLimits().get(entry.getKey())))
                        .map(entry -> "limits." + entry.getKey() + " is "
                                + asked.getLimits().get(entry.getKey()))
                        .findFirst());
    }

    private static boolean isSame(Quantity wanted, Quantity asked) {
        return asked != null && Quantity.getAmountInBytes(wanted).compareTo(Quantity.getAmountInBytes(asked)) == 0;
    }
}
