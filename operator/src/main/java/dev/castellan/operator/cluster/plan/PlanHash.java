package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names what the nodes are to become; the same from the first restart of a roll to its last. */
public final class PlanHash {
    /** So that YAML never takes it for a number. */
    private static final String PREFIX = "roll-";

    private static final int LENGTH = 8;

    private PlanHash() {}

    public static String of(Intent intent) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            intent.sets().forEach(set -> {
                digest.update((set.name() + "=").getBytes(StandardCharsets.UTF_8));
                digest.update(intent.podSpec(set).orElse("").getBytes(StandardCharsets.UTF_8));
            });
            return PREFIX + HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
