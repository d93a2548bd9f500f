package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.Jvm;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CPU, memory and heap of a node: defaults that fit each other whatever of them the user sets. */
record NodeResources(ResourceRequirements requirements, JvmSpec jvm, List<Problem> problems) {
    private static final String CPU = "cpu";
    private static final String MEMORY = "memory";
    private static final Quantity DEFAULT_CPU = new Quantity("250m");
    private static final Quantity DEFAULT_MEMORY = new Quantity("1Gi");
    private static final long MEBIBYTE = 1024L * 1024;

    // Pauses grow with the heap, while Kafka's own state is small: the rest of the memory is worth more as page cache.
    private static final long MAX_DEFAULT_HEAP = 6 * 1024;

    // Class data, code cache, thread stacks and network buffers of a broker that does nothing yet.
    private static final long OUTSIDE_HEAP = 128;

    private static final long LEAST_HEAP = 64;

    static NodeResources of(String path, Optional<ResourceRequirements> declared, Jvm jvm) {
        var requests = Quantities.canonical(
                declared.map(ResourceRequirements::getRequests).orElse(Map.of()));
        var limits = Quantities.canonical(
                declared.map(ResourceRequirements::getLimits).orElse(Map.of()));
        // A limit alone is a request too, as in Kubernetes itself. Memory always has a limit: the heap is made from it.
        limits.putIfAbsent(MEMORY, requests.getOrDefault(MEMORY, DEFAULT_MEMORY));
        requests.putIfAbsent(MEMORY, limits.get(MEMORY));
        requests.putIfAbsent(CPU, limits.getOrDefault(CPU, DEFAULT_CPU));
        var requirements = new ResourceRequirementsBuilder()
                .withRequests(requests)
                .withLimits(limits)
                .build();
        long memory = mebibytes(limits.get(MEMORY));
        long heap = Optional.ofNullable(jvm.heap)
                .map(NodeResources::mebibytes)
                .orElse(Math.min(memory / 2, MAX_DEFAULT_HEAP));
        var spec = new JvmSpec(heap, jvm.options == null ? List.of() : List.copyOf(jvm.options));
        return new NodeResources(requirements, spec, problems(path, requirements, memory, heap));
    }

    private static List<Problem> problems(String path, ResourceRequirements resources, long memory, long heap) {
        var problems = new ArrayList<Problem>();
        resources.getRequests().forEach((resource, request) -> {
            var limit = resources.getLimits().get(resource);
            if (limit != null && Quantities.amount(request).compareTo(Quantities.amount(limit)) > 0) {
                problems.add(new Problem(
                        path + ".resources.requests." + resource,
                        request.toString(),
                        "above the limit of " + limit + "; lower the request or raise the limit"));
            }
        });
        if (heap < LEAST_HEAP) {
            problems.add(new Problem(
                    path + ".jvm.heap",
                    heap + "Mi",
                    "too small for Kafka; set at least " + LEAST_HEAP + "Mi, or a memory limit of at least "
                            + 2 * OUTSIDE_HEAP + "Mi"));
        } else if (heap + OUTSIDE_HEAP > memory) {
            problems.add(new Problem(
                    path + ".resources.limits.memory",
                    memory + "Mi",
                    "too small for a heap of " + heap + "Mi, since a node needs at least " + OUTSIDE_HEAP
                            + "Mi beside it; set at least " + (heap + OUTSIDE_HEAP) + "Mi, or a smaller jvm.heap"));
        }
        return problems;
    }

    private static long mebibytes(Quantity quantity) {
        return Quantities.amount(quantity).longValue() / MEBIBYTE;
    }
}
