package dev.castellan.operator.kube;

import dev.castellan.operator.kube.Kube.Applied.Foreign;
import dev.castellan.operator.kube.Kube.Applied.Leaving;
import dev.castellan.operator.kube.Kube.Applied.Unchanged;
import dev.castellan.operator.kube.Kube.Applied.Written;
import dev.castellan.operator.kube.StoredObjects.Key;
import dev.castellan.operator.kube.StoredObjects.Stored;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpecBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpecBuilder;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * An API server in a map, seen by the operator of one cluster. Its cache may lag behind what is live. Objects that it
 * hands out are never changed afterwards.
 */
public final class FakeKube implements Kube {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    public static final String GONE = "the API server refuses: the object has changed since";

    /** Called on either side of each write of the operator's, which may throw to say that the operator died there. */
    public interface Witness {
        default void beforeWrite(String verb, HasMetadata object) {}

        default void afterWrite(String verb, HasMetadata object) {}
    }

    /** The API server refuses a write. */
    public static final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict(String message) {
            super(message);
        }
    }

    private record Change(Key key, Stored stored, long version, int visibleAt) {}

    private final String cluster;
    private Owner owner;
    private final Witness witness;
    private final StoredObjects live = new StoredObjects();
    private final StoredObjects cache = new StoredObjects();
    private final Map<Key, Long> cacheVersions = new HashMap<>();
    private final Deque<Change> pending = new ArrayDeque<>();
    private final Map<String, Node> hosts = new HashMap<>();
    private final Map<String, PersistentVolume> volumes = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private BiConsumer<HasMetadata, HasMetadata> watch = (now, before) -> {};
    private IntSupplier lag = () -> 0;
    private boolean seesOwnWrites = true;
    private boolean mayReadHosts = true;
    private boolean isLeaving;
    private boolean volumesMayGrow = true;
    private boolean podsMayBeResized = true;
    private Optional<Quantity> quota = Optional.empty();
    private boolean hasPredecessor;
    private int now;
    private long version;
    private int writes;
    private int pointlessWrites;

    public FakeKube(Owner owner, Witness witness) {
        this.cluster = owner.name();
        this.owner = owner;
        this.witness = witness;
    }

    // ---- the port

    @Override
    public <T extends HasMetadata> List<T> list(Class<T> kind) {
        return list(kind, cache);
    }

    @Override
    public <T extends HasMetadata> List<T> listLive(Class<T> kind) {
        return list(kind, live);
    }

    private <T extends HasMetadata> List<T> list(Class<T> kind, StoredObjects from) {
        return from.list(kind, this::isOfCluster);
    }

    private boolean isOfCluster(HasMetadata object) {
        var labels = object.getMetadata().getLabels();
        return labels != null && cluster.equals(labels.get(Labels.CLUSTER)) && !isOfEarlierCluster(object);
    }

    @Override
    public <T extends HasMetadata> Optional<T> getLive(Class<T> kind, String name) {
        return Optional.ofNullable(live.get(new Key(kind, name))).map(stored -> kind.cast(stored.object()));
    }

    @Override
    public Optional<Node> host(String name) {
        if (!mayReadHosts) {
            throw new KubeRejected("nodes is forbidden", null);
        }
        return Optional.ofNullable(hosts.get(name));
    }

    /** Hosts are labelled with their names. */
    @Override
    public List<Node> hostsLabelled(String hostname) {
        return host(hostname).stream().toList();
    }

    @Override
    public Optional<PersistentVolume> volume(String name) {
        return Optional.ofNullable(volumes.get(name));
    }

    @Override
    public boolean isApplied(HasMetadata desired) {
        var stored = cache.get(key(desired));
        return stored != null
                && owns(stored.object())
                && stored.object().getMetadata().getDeletionTimestamp() == null
                && isSame(stored.applied(), desired);
    }

    @Override
    public boolean owns(HasMetadata seen) {
        var labels = seen.getMetadata().getLabels();
        return labels != null
                && cluster.equals(labels.get(Labels.CLUSTER))
                && Labels.CASTELLAN.equals(labels.get(Labels.MANAGED_BY))
                && owner.owns(seen);
    }

    @Override
    public boolean create(HasMetadata desired) {
        if (live.get(key(desired)) != null) {
            return false;
        }
        tryCreate();
        write("create", desired, () -> store(key(desired), fresh(desired), desired, true));
        return true;
    }

    @Override
    public void tryCreate() {
        if (isLeaving) {
            throw new NamespaceLeaving("unable to create new content because the namespace is being terminated", null);
        }
    }

    @Override
    public Applied apply(HasMetadata desired) {
        var stored = live.get(key(desired));
        if (stored == null) {
            tryCreate();
            write("apply", desired, () -> store(key(desired), fresh(desired), desired, true));
            return new Written();
        }
        var object = stored.object();
        if (object.getMetadata().getDeletionTimestamp() != null || isOfEarlierCluster(object)) {
            return new Leaving(object.getKind(), object.getMetadata().getName());
        }
        if (!owns(object)) {
            return new Foreign(object.getKind(), object.getMetadata().getName());
        }
        if (isApplied(desired)) {
            return new Unchanged();
        }
        var version = desired.getMetadata().getResourceVersion();
        if (version != null && !version.equals(object.getMetadata().getResourceVersion())) {
            throw new Conflict(GONE);
        }
        if (isSame(stored.applied(), desired)) {
            pointlessWrites++;
        }
        write("apply", desired, () -> store(key(desired), merged(object, desired), desired, true));
        return new Written();
    }

    @Override
    public void delete(HasMetadata seen) {
        delete("delete", seen, () -> remove(seen));
    }

    @Override
    public void deleteNow(Pod seen) {
        delete("deleteNow", seen, () -> erase(key(seen)));
    }

    private void delete(String verb, HasMetadata seen, Runnable removal) {
        var stored = live.get(key(seen));
        if (stored == null) {
            return;
        }
        var meta = stored.object().getMetadata();
        if (!meta.getResourceVersion().equals(seen.getMetadata().getResourceVersion())) {
            throw new Conflict(GONE);
        }
        write(verb, seen, removal);
    }

    @Override
    public void setOwner(PersistentVolumeClaim seen, boolean owned) {
        write(
                "setOwner",
                seen,
                () -> change(seen, meta -> {
                    List<OwnerReference> owners = owned ? List.of(owner.reference()) : List.of();
                    meta.setOwnerReferences(owners);
                }));
    }

    @Override
    public void grow(PersistentVolumeClaim seen, Quantity size) {
        var stored = unchanged(seen);
        if (!volumesMayGrow) {
            throw new KubeRejected(
                    "only dynamically provisioned pvc can be resized and the storageclass that provisions"
                            + " the pvc must support resize",
                    null);
        }
        var changed = (PersistentVolumeClaim) Copies.of(stored.object());
        changed.setSpec(new PersistentVolumeClaimSpecBuilder(changed.getSpec())
                .editResources()
                .addToRequests("storage", size)
                .endResources()
                .build());
        write("grow", changed, () -> store(key(seen), changed, stored.applied(), true));
    }

    @Override
    public void resize(Pod seen, ResourceRequirements resources) {
        var stored = unchanged(seen);
        if (!podsMayBeResized) {
            throw new KubeRejected("Cannot resize Pod: the server could not find the requested resource", null);
        }
        if (quota.filter(most -> isLess(most, resources.getRequests().get("cpu")))
                .isPresent()) {
            throw new KubeDenied("pods is forbidden: exceeded quota: team, limited: requests.cpu=" + quota.get(), null);
        }
        var changed = (Pod) Copies.of(stored.object());
        changed.setSpec(new PodSpecBuilder(changed.getSpec())
                .editMatchingContainer(container -> container.getName().equals(Names.CONTAINER))
                .editOrNewResources()
                .addToRequests(resources.getRequests())
                .addToLimits(resources.getLimits())
                .endResources()
                .endContainer()
                .build());
        if (isGuaranteed(seen) != isGuaranteed(changed)) {
            throw new KubeRejected("Pod QOS Class may not change as a result of resizing", null);
        }
        changed.getMetadata().setGeneration(seen.getMetadata().getGeneration() + 1);
        changed.getMetadata()
                .setManagedFields(List.of(new ManagedFieldsEntryBuilder()
                        .withManager(ApiServerKube.FIELD_MANAGER)
                        .withOperation("Apply")
                        .withSubresource(PodResize.SUBRESOURCE)
                        .withFieldsV1(fields(resources))
                        .build()));
        write("resize", changed, () -> store(key(seen), changed, stored.applied(), true));
    }

    private static FieldsV1 fields(ResourceRequirements resources) {
        var fields = new FieldsV1();
        fields.setAdditionalProperty(
                "f:spec",
                Map.of(
                        "f:containers",
                        Map.of(
                                "k:{\"name\":\"kafka\"}",
                                Map.of(
                                        "f:resources",
                                        Map.of(
                                                "f:requests", fields(resources.getRequests()),
                                                "f:limits", fields(resources.getLimits()))))));
        return fields;
    }

    private static Map<String, Object> fields(Map<String, Quantity> quantities) {
        var fields = new HashMap<String, Object>();
        quantities.keySet().forEach(name -> fields.put("f:" + name, Map.of()));
        return fields;
    }

    private static boolean isLess(Quantity one, Quantity other) {
        return Quantity.getAmountInBytes(one).compareTo(Quantity.getAmountInBytes(other)) < 0;
    }

    private static boolean isGuaranteed(Pod pod) {
        var resources = PodResize.asked(pod);
        return resources.getLimits().size() == 2 && resources.getLimits().equals(resources.getRequests());
    }

    private Stored unchanged(HasMetadata seen) {
        var stored = live.get(key(seen));
        if (stored == null
                || !stored.object()
                        .getMetadata()
                        .getResourceVersion()
                        .equals(seen.getMetadata().getResourceVersion())) {
            throw new Conflict(GONE);
        }
        return stored;
    }

    /** Its pods are set free by the garbage collector. */
    @Override
    public void orphan(StatefulSet seen) {
        delete(
                "orphan",
                seen,
                () -> change(
                        seen,
                        meta -> meta.setDeletionTimestamp(
                                BEGINNING.plusSeconds(now).toString())));
    }

    @Override
    public void annotate(HasMetadata seen, String annotation, String value) {
        write(
                "annotate",
                seen,
                () -> change(seen, meta -> {
                    var annotations = new HashMap<String, String>();
                    if (meta.getAnnotations() != null) {
                        annotations.putAll(meta.getAnnotations());
                    }
                    annotations.put(annotation, value);
                    meta.setAnnotations(annotations);
                }));
    }

    @Override
    public void scale(StatefulSet seen, int replicas, String annotation, Optional<String> value) {
        unchanged(seen);
        var changed = (StatefulSet) Copies.of(seen);
        changed.setSpec(new StatefulSetSpecBuilder(changed.getSpec())
                .withReplicas(replicas)
                .build());
        var annotations = new HashMap<>(changed.getMetadata().getAnnotations());
        annotations.remove(annotation);
        value.ifPresent(word -> annotations.put(annotation, word));
        changed.getMetadata().setAnnotations(annotations);
        changed.getMetadata().setGeneration(seen.getMetadata().getGeneration() + 1);
        // Its replicas are no longer as they were applied.
        write("scale", changed, () -> store(key(seen), changed, null, true));
    }

    @Override
    public void setMaxUnavailable(PodDisruptionBudget seen, int pods) {
        var stored = unchanged(seen);
        var changed = (PodDisruptionBudget) Copies.of(stored.object());
        changed.setSpec(withMaxUnavailable(changed.getSpec(), new IntOrString(pods)));
        write("setMaxUnavailable", changed, () -> store(key(seen), changed, stored.applied(), true));
    }

    @Override
    public void event(EventType type, String reason, String message) {
        events.add(type + " " + reason + ": " + message);
    }

    private void write(String verb, HasMetadata object, Runnable write) {
        witness.beforeWrite(verb, object);
        writes++;
        write.run();
        witness.afterWrite(verb, object);
    }

    // ---- for tests: the rest of the world

    /** Time passes; caches catch up with what has become visible. */
    public void tick() {
        now++;
        while (!pending.isEmpty() && pending.peek().visibleAt() <= now) {
            see(pending.poll());
        }
    }

    /** Is told what becomes visible in the cache, with what was there before, either of them null; but for own writes seen at once. */
    public void watch(BiConsumer<HasMetadata, HasMetadata> watcher) {
        this.watch = watcher;
    }

    /** How many ticks a change takes to be seen in the cache. */
    public void lag(IntSupplier ticks) {
        this.lag = ticks;
    }

    /** Whether the cache shows the operator's own applies at once, as the SDK's does. */
    public void seesOwnWrites(boolean sees) {
        this.seesOwnWrites = sees;
    }

    /** As after a restart of the operator: the cache is filled by a list. */
    public void refreshCache() {
        while (!pending.isEmpty()) {
            see(pending.poll());
        }
    }

    /** The KafkaCluster was deleted and made again: everything of the old one waits for the garbage collector. */
    public void ownedBy(Owner successor) {
        this.owner = successor;
        this.hasPredecessor = true;
        live.forgetLists();
        cache.forgetLists();
    }

    /** Somebody else, a controller or a user, writes an object. */
    public void put(HasMetadata object) {
        var meta = object.getMetadata();
        if (meta.getUid() == null) {
            meta.setUid("uid-" + version);
        }
        store(key(object), object, null, false);
    }

    /** The same, of an object's status or metadata: what we applied of it stays as it is. */
    public void update(HasMetadata object) {
        var stored = live.get(key(object));
        store(key(object), object, stored == null ? null : stored.applied(), false);
    }

    /** There is such a Kubernetes node, or it has changed. */
    public void putHost(Node host) {
        hosts.put(host.getMetadata().getName(), host);
    }

    /** From now on the operator is refused when it asks about Kubernetes nodes. */
    public void forbidHosts() {
        mayReadHosts = false;
    }

    /** The namespace is being deleted. */
    public void leave() {
        isLeaving = true;
    }

    /** Whether the StorageClass allows it. */
    public void volumesMayGrow(boolean may) {
        volumesMayGrow = may;
    }

    public boolean mayVolumesGrow() {
        return volumesMayGrow;
    }

    /** Whether the API server knows how to. */
    public void podsMayBeResized(boolean may) {
        podsMayBeResized = may;
    }

    /** No pod may ask for more processors than that. */
    public void quota(String cpu) {
        quota = Optional.of(new Quantity(cpu));
    }

    public boolean mayPodsBeResized() {
        return podsMayBeResized;
    }

    public void removeHost(String name) {
        hosts.remove(name);
    }

    public void putVolume(PersistentVolume volume) {
        volumes.put(volume.getMetadata().getName(), volume);
    }

    /** Gone at once, whoever's it was. */
    public void erase(HasMetadata object) {
        erase(key(object));
    }

    public <T extends HasMetadata> List<T> everything(Class<T> kind) {
        return live.list(kind);
    }

    public boolean exists(Class<? extends HasMetadata> kind, String name) {
        return live.get(new Key(kind, name)) != null;
    }

    public List<String> events() {
        return events;
    }

    public int writes() {
        return writes;
    }

    /** Writes that changed nothing. */
    public int pointlessWrites() {
        return pointlessWrites;
    }

    private void remove(HasMetadata seen) {
        if (seen instanceof Pod || seen instanceof PersistentVolumeClaim) {
            change(
                    seen,
                    meta -> meta.setDeletionTimestamp(BEGINNING.plusSeconds(now).toString()));
        } else {
            erase(key(seen));
        }
    }

    private void change(HasMetadata seen, Consumer<ObjectMeta> edit) {
        var stored = live.get(key(seen));
        if (stored == null) {
            throw new Conflict(GONE);
        }
        var changed = Copies.of(stored.object());
        edit.accept(changed.getMetadata());
        store(key(seen), changed, stored.applied(), false);
    }

    private void erase(Key key) {
        live.remove(key);
        announce(key, null);
    }

    private void store(Key key, HasMetadata object, HasMetadata applied, boolean own) {
        object.getMetadata().setResourceVersion(String.valueOf(++version));
        var stored = new Stored(object, applied);
        live.put(key, stored);
        if (own && seesOwnWrites) {
            cacheVersions.put(key, version);
            cache.put(key, stored);
        } else {
            announce(key, stored);
        }
    }

    private void announce(Key key, Stored stored) {
        var last = pending.peekLast();
        int visibleAt = Math.max(now + lag.getAsInt(), last == null ? 0 : last.visibleAt());
        var change = new Change(key, stored, stored == null ? ++version : version, visibleAt);
        if (visibleAt <= now && pending.isEmpty()) {
            see(change);
        } else {
            pending.add(change);
        }
    }

    private void see(Change change) {
        if (cacheVersions.getOrDefault(change.key(), -1L) > change.version()) {
            return;
        }
        cacheVersions.put(change.key(), change.version());
        var before = cache.get(change.key());
        if (change.stored() == null) {
            cache.remove(change.key());
        } else {
            cache.put(change.key(), change.stored());
        }
        watch.accept(
                change.stored() == null ? null : change.stored().object(), before == null ? null : before.object());
    }

    private HasMetadata fresh(HasMetadata desired) {
        var object = Copies.of(desired);
        object.getMetadata().setUid("uid-" + version);
        object.getMetadata().setGeneration(1L);
        if (object instanceof StatefulSet set) {
            set.setStatus(new StatefulSetStatus());
        }
        return object;
    }

    private static HasMetadata merged(HasMetadata before, HasMetadata desired) {
        var object = Copies.of(desired);
        var meta = object.getMetadata();
        meta.setUid(before.getMetadata().getUid());
        meta.setGeneration(before.getMetadata().getGeneration());
        if (before instanceof StatefulSet old && object instanceof StatefulSet set) {
            set.setStatus(old.getStatus());
            var claims = old.getSpec().getVolumeClaimTemplates();
            if (!claims.equals(set.getSpec().getVolumeClaimTemplates())) {
                throw new Conflict("volumeClaimTemplates of a StatefulSet cannot be changed");
            }
            if (!old.getSpec().equals(set.getSpec())) {
                meta.setGeneration(before.getMetadata().getGeneration() + 1);
            }
        }
        if (before instanceof PodDisruptionBudget old && object instanceof PodDisruptionBudget budget) {
            budget.setSpec(withMaxUnavailable(
                    budget.getSpec(), old.getSpec().getMaxUnavailable())); // not a field of ours to apply
        }
        return object;
    }

    private static PodDisruptionBudgetSpec withMaxUnavailable(PodDisruptionBudgetSpec spec, IntOrString pods) {
        return new PodDisruptionBudgetSpecBuilder(spec).withMaxUnavailable(pods).build();
    }

    /** Left over by KafkaClusters of the same name, for the garbage collector. */
    public List<HasMetadata> ofEarlierClusters() {
        var found = new ArrayList<HasMetadata>();
        if (hasPredecessor) {
            live.forEach(object -> {
                if (isOfEarlierCluster(object)) {
                    found.add(object);
                }
            });
        }
        return found;
    }

    private boolean isOfEarlierCluster(HasMetadata object) {
        for (var ref : object.getMetadata().getOwnerReferences()) {
            if (ref.getKind().equals("KafkaCluster")
                    && ref.getName().equals(cluster)
                    && !ref.getUid().equals(owner.uid())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(HasMetadata applied, HasMetadata desired) {
        return applied == desired || desired.equals(applied);
    }

    private static Key key(HasMetadata object) {
        return new Key(object.getClass(), object.getMetadata().getName());
    }

    /** Shallow copies with metadata of their own. */
    private static final class Copies {
        private Copies() {}

        static HasMetadata of(HasMetadata original) {
            var meta = meta(original.getMetadata());
            return switch (original) {
                case StatefulSet set ->
                    new StatefulSet(set.getApiVersion(), set.getKind(), meta, set.getSpec(), set.getStatus());
                case Pod pod -> new Pod(pod.getApiVersion(), pod.getKind(), meta, pod.getSpec(), pod.getStatus());
                case PersistentVolumeClaim claim ->
                    new PersistentVolumeClaim(
                            claim.getApiVersion(), claim.getKind(), meta, claim.getSpec(), claim.getStatus());
                case Service service ->
                    new Service(service.getApiVersion(), service.getKind(), meta, service.getSpec(), null);
                case PodDisruptionBudget budget ->
                    new PodDisruptionBudget(
                            budget.getApiVersion(), budget.getKind(), meta, budget.getSpec(), budget.getStatus());
                case ConfigMap map ->
                    new ConfigMap(map.getApiVersion(), map.getBinaryData(), map.getData(), null, map.getKind(), meta);
                default -> withoutContent(original, meta);
            };
        }

        /** Of kinds whose content nobody looks at. */
        private static HasMetadata withoutContent(HasMetadata original, ObjectMeta meta) {
            try {
                var copy = original.getClass().getConstructor().newInstance();
                copy.setMetadata(meta);
                return copy;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static ObjectMeta meta(ObjectMeta original) {
            var meta = new ObjectMeta();
            meta.setName(original.getName());
            meta.setNamespace(original.getNamespace());
            meta.setLabels(original.getLabels());
            meta.setAnnotations(original.getAnnotations());
            meta.setOwnerReferences(original.getOwnerReferences());
            meta.setUid(original.getUid());
            meta.setGeneration(original.getGeneration());
            meta.setResourceVersion(original.getResourceVersion());
            meta.setCreationTimestamp(original.getCreationTimestamp());
            meta.setDeletionTimestamp(original.getDeletionTimestamp());
            meta.setManagedFields(original.getManagedFields());
            return meta;
        }
    }
}
