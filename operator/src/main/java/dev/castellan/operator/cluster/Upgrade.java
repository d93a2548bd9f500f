package dev.castellan.operator.cluster;

import dev.castellan.api.KafkaVersions;
import java.time.Duration;
import java.util.Optional;

/**
 * How an upgrade ends, as the user wants it, with defaults applied.
 *
 * @param pinned the metadata.version that the user names
 * @param soak how long all nodes have to run a version before its metadata.version is finalised, unless one is named
 */
public record Upgrade(Optional<String> pinned, Duration soak) {

    /** The metadata.version that is finalised in the end where all nodes run this version, or newer ones. */
    public String metadataVersion(String version) {
        return pinned.orElseGet(() -> KafkaVersions.metadataVersion(version));
    }
}
