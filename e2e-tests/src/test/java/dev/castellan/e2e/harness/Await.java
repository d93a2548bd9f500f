package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Waiting for what Kubernetes can tell: by watch, to the moment, and with what was last seen if it never comes. What is not told of
 * yet, as the containers of a pod that is new, is not so yet.
 */
public final class Await {
    private Await() {}

    public static <T extends HasMetadata> T until(
            Resource<T> resource, String what, Duration patience, Predicate<T> condition) {
        var last = new AtomicReference<T>();
        var lacking = new AtomicReference<RuntimeException>();
        try {
            return resource.waitUntilCondition(
                    seen -> {
                        last.set(seen);
                        lacking.set(null);
                        try {
                            return seen != null && condition.test(seen);
                        } catch (NullPointerException | NoSuchElementException | IndexOutOfBoundsException e) {
                            lacking.set(e);
                            return false;
                        }
                    },
                    patience.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (KubernetesClientTimeoutException e) {
            throw new AssertionError(
                    "%s: not so within %d s; last seen:%n%s".formatted(what, patience.toSeconds(), brief(last.get())),
                    lacking.get());
        }
    }

    public static <T extends HasMetadata> void untilGone(Resource<T> resource, String what, Duration patience) {
        var last = new AtomicReference<T>();
        try {
            resource.waitUntilCondition(
                    seen -> {
                        last.set(seen);
                        return seen == null;
                    },
                    patience.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (KubernetesClientTimeoutException e) {
            throw new AssertionError(
                    "%s: still there after %d s:%n%s".formatted(what, patience.toSeconds(), brief(last.get())));
        }
    }

    private static String brief(HasMetadata seen) {
        if (seen == null) {
            return "nothing";
        }
        seen.getMetadata().setManagedFields(null);
        return Serialization.asYaml(seen);
    }
}
