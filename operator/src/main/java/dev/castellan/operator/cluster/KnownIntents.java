package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.observe.Inventory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last intent of each cluster, as long as all that a blueprint looks at is of the same versions: most looks find nothing
 * changed, and to work the intent out, and to compare its objects anew, is most of what such a look would cost.
 */
final class KnownIntents {
    private final Blueprint blueprint;
    private final Map<String, Known> last = new ConcurrentHashMap<>();

    private record Known(Look look, Intent intent) {}

    /** Versions that no two states of an object have in common; the generation is the spec's. */
    private record Look(
            String uid, Long generation, List<String> statefulSets, List<String> claims, Optional<String> identity) {
        static Look at(KafkaCluster cluster, Inventory inventory) {
            return new Look(
                    cluster.getMetadata().getUid(),
                    cluster.getMetadata().getGeneration(),
                    versions(inventory.statefulSets()),
                    versions(inventory.claims()),
                    inventory.identity().map(Look::version));
        }

        private static List<String> versions(List<? extends HasMetadata> objects) {
            return objects.stream().map(Look::version).toList();
        }

        private static String version(HasMetadata object) {
            return object.getMetadata().getResourceVersion();
        }
    }

    KnownIntents(Blueprint blueprint) {
        this.blueprint = blueprint;
    }

    Intent of(KafkaCluster cluster, Inventory inventory) {
        var look = Look.at(cluster, inventory);
        var known = last.get(key(cluster));
        if (known != null && known.look().equals(look)) {
            return known.intent();
        }
        var intent = blueprint.of(cluster, inventory);
        if (isSettled(intent)) {
            last.put(key(cluster), new Known(look, intent));
        } else {
            last.remove(key(cluster));
        }
        return intent;
    }

    /** Who founds a cluster may be decided otherwise with each look; and of a spec that is not followed, the status tells more. */
    private static boolean isSettled(Intent intent) {
        return intent.identityStored() && intent.dynamic().isPresent();
    }

    /** To be called ahead of an act, which hands the intent's objects to who writes them, and when a KafkaCluster is gone. */
    void forget(String namespace, String name) {
        last.remove(key(namespace, name));
    }

    private static String key(KafkaCluster cluster) {
        return key(cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
