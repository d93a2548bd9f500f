package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Remembers which state of an object was found to be as desired. To compare by managed fields is most of what a
 * reconcile costs that finds nothing to do; the same object, unchanged, need not be compared with the same wish again.
 */
public final class KnownMatches {
    private static final int REMEMBERED = 10_000;

    private final Map<String, String> stamps = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    boolean matches(
            HasMetadata actual, HasMetadata desired, KubernetesSerialization serialization, BooleanSupplier compare) {
        var uid = actual.getMetadata().getUid();
        var stamp = actual.getMetadata().getResourceVersion() + " " + hash(serialization.asJson(desired));
        if (stamp.equals(known(uid))) {
            return true;
        }
        var matches = compare.getAsBoolean();
        if (matches) {
            remember(uid, stamp);
        }
        return matches;
    }

    private synchronized String known(String uid) {
        return stamps.get(uid);
    }

    private synchronized void remember(String uid, String stamp) {
        stamps.put(uid, stamp);
    }

    private static String hash(String json) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
