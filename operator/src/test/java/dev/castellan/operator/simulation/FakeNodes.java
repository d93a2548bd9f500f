package dev.castellan.operator.simulation;

import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Relieved;
import dev.castellan.operator.cluster.Stopped;
import dev.castellan.operator.cluster.desired.PodChanges;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kafka.FakeKafka.Disk;
import dev.castellan.operator.kube.Agents;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.FakeKube;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Kubernetes' StatefulSet controller, garbage collector and kubelets, and the launcher in each pod. */
final class FakeNodes implements Agents {
    /** An annotation of the pod template that stands for a specification with which Kafka does not run. */
    static final String BROKEN = "test/broken";

    /** The end of the name of an image that nobody has. */
    static final String MISSING = ":missing";

    /** Of memory, more than any node has. */
    private static final Quantity TOO_MUCH = new Quantity("64Ti");

    private static final int CRASHES = 6;

    private static final Map<String, Map<String, String>> FILES = new ConcurrentHashMap<>();

    private final Consumer<String> alarm;
    private final FakeKube kube;
    private final FakeKafka kafka;
    private final String cluster;
    private final Random random;
    private final Supplier<Instant> now;

    /** By claim, or by the uid of the pod where it has none. */
    private final Map<String, Disk> disks = new HashMap<>();

    /** What each StatefulSet's controller has last read of it. */
    private final Map<String, Taken> taken = new HashMap<>();

    /** StatefulSets at which their controller does not look again until they change, with their version. */
    private final Map<String, String> asleep = new HashMap<>();

    private final Map<String, Integer> startsIn = new HashMap<>();
    private final Map<String, Integer> stopsIn = new HashMap<>();

    /** By the uid of a pod whose process has been killed, for how many ticks nobody tells. */
    private final Map<String, Integer> unnoticed = new HashMap<>();

    /** Pods whose probe fails whatever their process does. */
    private final Set<String> blind = new HashSet<>();

    /** Volume claims by uid, since when their disk has failed. */
    private final Map<String, Instant> failedDisks = new HashMap<>();

    private final Set<String> hangingDisks = new HashSet<>();

    /** By uid of a pod that has ended for a disk. */
    private final Map<String, String> lastWords = new HashMap<>();

    /** By node id, those that it last started with. */
    private final Map<Integer, Set<String>> lastVolumes = new HashMap<>();

    /** Volume claims by uid that have been full since their node started, and that it can do without. */
    private final Set<String> missed = new HashSet<>();

    private final Set<String> mended = new HashSet<>();

    /** Agents do not answer. */
    private boolean isSilent;

    private final FakeHosts hosts;
    private final FakeSpaces spaces;
    private final FakeResizes resizes;
    private int directories;
    private int slowness = 1;

    /** For so many ticks no process lasts. */
    private int failing;

    /** A StatefulSet as its controller knows it. */
    private record Taken(long generation, List<String> pods, PodTemplateSpec template) {
        static Taken of(StatefulSet set) {
            int start = set.getSpec().getOrdinals().getStart();
            var pods = IntStream.range(start, start + set.getSpec().getReplicas())
                    .mapToObj(id -> Names.pod(set.getMetadata().getName(), id))
                    .toList();
            return new Taken(
                    set.getMetadata().getGeneration(), pods, set.getSpec().getTemplate());
        }
    }

    FakeNodes(
            FakeKube kube,
            FakeKafka kafka,
            String cluster,
            Random random,
            Supplier<Instant> now,
            Consumer<String> alarm) {
        this.alarm = alarm;
        this.kube = kube;
        this.kafka = kafka;
        this.cluster = cluster;
        this.random = random;
        this.now = now;
        this.hosts = new FakeHosts(kube, now);
        this.spaces = new FakeSpaces(kube);
        kafka.spaces(spaces::of);
        this.resizes = new FakeResizes(random, now);
    }

    FakeSpaces spaces() {
        return spaces;
    }

    FakeResizes resizes() {
        return resizes;
    }

    FakeHosts hosts() {
        return hosts;
    }

    /** How many ticks things take at most. */
    void slowness(int ticks) {
        this.slowness = ticks;
    }

    void blind(Pod pod) {
        blind.add(pod.getMetadata().getName());
    }

    void see() {
        blind.clear();
    }

    /** Its controller has failed so often that it makes no pod for long. */
    void putToSleep(StatefulSet set) {
        asleep.put(set.getMetadata().getUid(), set.getMetadata().getResourceVersion());
    }

    private boolean isAsleep(StatefulSet set) {
        var version = set.getMetadata().getResourceVersion();
        return version.equals(asleep.get(set.getMetadata().getUid()));
    }

    void tick() {
        failing = Math.max(0, failing - 1);
        collectGarbage();
        releaseClaims();
        resize();
        kube.everything(StatefulSet.class).forEach(this::control);
        kube.everything(Pod.class).forEach(this::run);
    }

    private void collectGarbage() {
        kube.ofEarlierClusters().stream()
                .filter(object -> random.nextInt(slowness) == 0)
                .forEach(kube::erase);
        var sets = kube.everything(StatefulSet.class);
        for (var pod : kube.everything(Pod.class)) {
            boolean hasOwner = !pod.getMetadata().getOwnerReferences().isEmpty();
            if (hasOwner && pod.getMetadata().getDeletionTimestamp() == null && isOrphan(pod, sets)) {
                terminate(pod);
            }
        }
    }

    /** What is to be deleted stays for as long as there is a pod of it. */
    private void releaseClaims() {
        for (var claim : kube.everything(PersistentVolumeClaim.class)) {
            if (claim.getMetadata().getDeletionTimestamp() != null && !isUsed(claim)) {
                kube.erase(claim);
            }
        }
    }

    private boolean isUsed(PersistentVolumeClaim claim) {
        return kube.everything(Pod.class).stream().anyMatch(pod -> claim.getMetadata()
                .getName()
                .endsWith("-" + pod.getMetadata().getName()));
    }

    /** As a driver of the storage does it, in its own time and while the volume is in use. */
    private void resize() {
        for (var claim : kube.everything(PersistentVolumeClaim.class)) {
            var requests = claim.getSpec().getResources().getRequests();
            if (!requests.equals(claim.getStatus().getCapacity()) && random.nextInt(2 * slowness) == 0) {
                kube.update(new PersistentVolumeClaimBuilder(claim)
                        .editStatus()
                        .withCapacity(requests)
                        .endStatus()
                        .build());
            }
        }
    }

    /** The garbage collector ends a deletion that leaves the pods. */
    private void letGo(StatefulSet set) {
        for (var pod : kube.everything(Pod.class)) {
            if (!isOrphan(pod, List.of(set))) {
                own(pod, List.of());
            }
        }
        kube.erase(set);
    }

    private void adopt(StatefulSet set, Taken known) {
        for (var pod : kube.everything(Pod.class)) {
            if (pod.getMetadata().getOwnerReferences().isEmpty()
                    && pod.getMetadata().getDeletionTimestamp() == null
                    && known.pods().contains(pod.getMetadata().getName())) {
                own(pod, owner(set));
            }
        }
    }

    private void own(Pod pod, List<OwnerReference> owners) {
        var owned = copy(pod);
        owned.getMetadata().setOwnerReferences(owners);
        kube.update(owned);
    }

    private static List<OwnerReference> owner(StatefulSet set) {
        return List.of(new OwnerReferenceBuilder()
                .withKind("StatefulSet")
                .withName(set.getMetadata().getName())
                .withUid(set.getMetadata().getUid())
                .build());
    }

    private static boolean isOrphan(Pod pod, List<StatefulSet> sets) {
        for (var owner : pod.getMetadata().getOwnerReferences()) {
            for (var set : sets) {
                if (owner.getUid().equals(set.getMetadata().getUid())) {
                    return false;
                }
            }
        }
        return true;
    }

    void terminate(Pod pod) {
        var leaving = copy(pod);
        leaving.getMetadata().setDeletionTimestamp(now.get().toString());
        kube.update(leaving);
    }

    private void control(StatefulSet set) {
        if (set.getMetadata().getDeletionTimestamp() != null) {
            if (random.nextInt(slowness) == 0) {
                letGo(set);
            }
            return;
        }
        var known = taken.get(set.getMetadata().getUid());
        if (known == null
                || (known.generation() < set.getMetadata().getGeneration() && random.nextInt(slowness) == 0)) {
            known = Taken.of(set);
            taken.put(set.getMetadata().getUid(), known);
            var status = new StatefulSetStatus();
            status.setObservedGeneration(known.generation());
            var updated = new StatefulSet(set.getApiVersion(), set.getKind(), set.getMetadata(), set.getSpec(), status);
            updated.setMetadata(meta(set));
            kube.update(updated);
        }
        if (isAsleep(set)) {
            return;
        }
        adopt(set, known);
        terminateLeaving(set, known);
        for (var pod : known.pods()) {
            if (!kube.exists(Pod.class, pod) && !waitsForClaim(set, pod)) {
                makePod(set, known, pod);
            }
        }
    }

    private boolean waitsForClaim(StatefulSet set, String pod) {
        for (var template : set.getSpec().getVolumeClaimTemplates()) {
            var claim = kube.getLive(
                    PersistentVolumeClaim.class,
                    Names.claim(template.getMetadata().getName(), pod));
            if (claim.isPresent() && claim.get().getMetadata().getDeletionTimestamp() != null) {
                return true;
            }
        }
        return false;
    }

    private void terminateLeaving(StatefulSet set, Taken known) {
        for (var pod : kube.everything(Pod.class)) {
            if (pod.getMetadata().getDeletionTimestamp() == null
                    && !isOrphan(pod, List.of(set))
                    && !known.pods().contains(pod.getMetadata().getName())) {
                terminate(pod);
            }
        }
    }

    private void makePod(StatefulSet set, Taken known, String name) {
        for (var template : set.getSpec().getVolumeClaimTemplates()) {
            var claimName = Names.claim(template.getMetadata().getName(), name);
            if (!kube.exists(PersistentVolumeClaim.class, claimName)) {
                var claim = new PersistentVolumeClaim();
                claim.setSpec(hosts.bound(template.getSpec(), name));
                var labels = new HashMap<>(template.getMetadata().getLabels());
                labels.putAll(set.getSpec().getSelector().getMatchLabels());
                claim.setMetadata(meta(claimName, labels, template.getMetadata().getAnnotations(), List.of()));
                claim.setStatus(new PersistentVolumeClaimStatusBuilder()
                        .withPhase("Bound")
                        .withCapacity(template.getSpec().getResources().getRequests())
                        .build());
                kube.put(claim);
            }
        }
        var template = known.template();
        var pod = new Pod();
        pod.setSpec(template.getSpec());
        pod.setStatus(PodStatuses.of(PodStatuses.State.PENDING, now.get(), null));
        pod.setMetadata(meta(
                name, template.getMetadata().getLabels(), template.getMetadata().getAnnotations(), owner(set)));
        pod.getMetadata().setCreationTimestamp(now.get().toString());
        pod.getMetadata().setGeneration(1L);
        kube.put(pod);
        startsIn.put(pod.getMetadata().getUid(), random.nextInt(slowness + 1));
    }

    private void run(Pod pod) {
        int id = id(pod);
        var uid = pod.getMetadata().getUid();
        if (hosts.lostNode().isPresent() && hosts.isDown(pod, claims(pod))) {
            report(pod, hosts.state(pod));
        } else if (pod.getMetadata().getDeletionTimestamp() != null) {
            stop(pod, id, uid);
        } else if (isUnnoticed(uid)) {
            notice(pod, uid);
        } else if (resizes.run(pod, slowness)) {
            tell(pod, pod.getStatus());
        } else if (failedDisk(pod).filter(this::isIndispensable).isPresent()) {
            var claim = failedDisk(pod).orElseThrow();
            endsForDisk(pod, "FATAL: disk " + directory(claim) + " has failed: Input/output error");
        } else if (withoutRoom(pod).isPresent()) {
            var claim = withoutRoom(pod).orElseThrow();
            endsForDisk(pod, spaces.lastWords(claim, directory(claim)));
        } else if (!kafka.isRunning(id)) {
            start(pod, id, uid);
        } else {
            probe(pod, id);
        }
    }

    private void stop(Pod pod, int id, String uid) {
        int left = stopsIn.computeIfAbsent(uid, u -> random.nextInt(slowness + 1) + handingOver(id));
        stopsIn.put(uid, left - 1);
        if (left <= 0) {
            vanish(pod);
        }
    }

    /** Of those that leave for good some take longer. */
    private int handingOver(int id) {
        return id % 2 == 0 || kube.everything(StatefulSet.class).stream().anyMatch(set -> isOf(set, id)) ? 0 : 8;
    }

    /** The pod and its process end at once. */
    void vanish(Pod pod) {
        kafka.stop(id(pod));
        disks.remove(pod.getMetadata().getUid());
        kube.erase(pod);
    }

    /** Somebody tells its process to end, which it does; it is started again, in the same pod. */
    void end(Pod pod) {
        if (kafka.isRunning(id(pod))) {
            kafka.stop(id(pod));
            report(pod, PodStatuses.State.ENDED);
        }
    }

    /** Its process is gone, and for so many ticks its pod looks as before: as ready, if it was. */
    void kill(Pod pod, int ticks) {
        if (kafka.isRunning(id(pod))) {
            kafka.stop(id(pod));
            unnoticed.put(pod.getMetadata().getUid(), ticks);
        }
    }

    /** Every process ends, and again whenever it is started. */
    void failAll(int ticks) {
        failing = ticks;
        kube.everything(Pod.class).forEach(pod -> kafka.stop(id(pod)));
    }

    private boolean isUnnoticed(String uid) {
        return !unnoticed.isEmpty() && unnoticed.computeIfPresent(uid, (killed, ticks) -> ticks - 1) != null;
    }

    private void notice(Pod pod, String uid) {
        if (unnoticed.get(uid) < 0) {
            unnoticed.remove(uid);
            report(pod, PodStatuses.State.KILLED);
        }
    }

    private void start(Pod pod, int id, String uid) {
        int left = startsIn.getOrDefault(uid, 0);
        startsIn.put(uid, left - 1);
        var file = file(pod);
        if (doesNotRun(pod, file)) {
            return;
        }
        var identity = kube.getLive(ConfigMap.class, Names.identity(cluster));
        if (left > 0 || identity.isEmpty()) {
            report(pod, PodStatuses.State.PENDING);
            return;
        }
        var disk = disks.computeIfAbsent(diskKey(pod), key -> new Disk());
        if (!disk.isFormatted()) {
            format(disk, id, identity.get().getData());
        }
        checkBootstrap(pod, identity.get().getData());
        boolean broker = pod.getMetadata().getLabels().containsKey(Labels.BROKER);
        var version = pod.getMetadata().getLabels().get(Labels.VERSION);
        boolean controller = !broker || isCombined(id, identity.get().getData(), file);
        claims(pod).forEach(claim -> missed.remove(claim.getMetadata().getUid()));
        kafka.doesWithoutSecondDisk(id, failedDisk(pod).isPresent());
        if (!volumes(pod).equals(lastVolumes.put(id, volumes(pod)))) {
            kafka.comesWithNewDisk(id);
        }
        kafka.start(
                id,
                broker,
                controller,
                version,
                disk,
                random.nextInt(2 * slowness + 1),
                file,
                asked(identity.get().getData()));
        report(pod, PodStatuses.State.STARTING);
    }

    private static Set<Integer> asked(Map<String, String> identity) {
        return Pattern.compile("-(\\d+)\\.")
                .matcher(identity.get(Identity.BOOTSTRAP))
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .collect(Collectors.toSet());
    }

    /** As the launcher has it: a founder, unless what its pod was made from says otherwise. */
    private static boolean isCombined(int id, Map<String, String> identity, Map<String, String> file) {
        return List.of(identity.get(Identity.CONTROLLERS).split(",")).contains(String.valueOf(id))
                && !Relieved.in(file.get(Relieved.PROPERTY), id);
    }

    /**
     * A node that does not vote finds the leader by asking those that it is told of when it starts, and nobody else: all that
     * there are, for a voter whose StatefulSet the user does without answers nobody. One that goes with its cluster need not
     * find any.
     */
    private void checkBootstrap(Pod pod, Map<String, String> identity) {
        var sets = new ArrayList<>(kube.everything(StatefulSet.class));
        sets.removeAll(kube.ofEarlierClusters());
        if (isOrphan(pod, sets)) {
            return;
        }
        var asked = identity.get(Identity.BOOTSTRAP);
        for (int voter : kafka.hasFormed() ? kafka.voters() : Set.<Integer>of()) {
            if (sets.stream().anyMatch(set -> isOf(set, voter))
                    && Pattern.compile("-" + voter + "\\.")
                            .matcher(asked)
                            .results()
                            .findAny()
                            .isEmpty()) {
                alarm.accept("%s starts and knows nothing of voter %d: %s"
                        .formatted(pod.getMetadata().getName(), voter, asked));
            }
        }
    }

    /** Whether it runs or sleeps. */
    static boolean isOf(StatefulSet set, int id) {
        int first = set.getSpec().getOrdinals().getStart();
        return id >= first && id < first + Stopped.nodes(set);
    }

    /** And tells why not. */
    private boolean doesNotRun(Pod pod, Map<String, String> file) {
        var broken = pod.getMetadata().getAnnotations().get(BROKEN);
        var container = pod.getSpec().getContainers().getFirst();
        if (failing > 0) {
            crash(pod);
        } else if (asksForTooMuch(resizes.has(pod))) {
            report(pod, PodStatuses.State.WITHOUT_PLACE);
        } else if (container.getImage().endsWith(MISSING)) {
            report(pod, PodStatuses.State.WITHOUT_IMAGE);
        } else if ("crash".equals(broken) || file.containsValue(FakeKafka.REFUSED)) {
            crash(pod);
        } else if (broken != null) {
            report(pod, PodStatuses.State.STARTING);
        } else {
            return false;
        }
        return true;
    }

    /** No node runs with what this set says. */
    static boolean isBroken(StatefulSet set) {
        var template = set.getSpec().getTemplate();
        var container = template.getSpec().getContainers().getFirst();
        return template.getMetadata().getAnnotations().containsKey(BROKEN)
                || container.getImage().endsWith(MISSING)
                || asksForTooMuch(container.getResources());
    }

    private static boolean asksForTooMuch(ResourceRequirements resources) {
        return resources.getRequests().containsValue(TOO_MUCH) || FakeResizes.isTooMuch(resources);
    }

    /** Again every other second, at first. */
    private void crash(Pod pod) {
        boolean isNew = !PodStatuses.is(pod.getStatus(), PodStatuses.State.CRASHING);
        if (isNew || (now.get().getEpochSecond() % 2 == 0 && PodStatuses.restarts(pod.getStatus()) < CRASHES)) {
            update(pod, PodStatuses.State.CRASHING);
        }
    }

    /** Kafka's properties that the pod was made for. */
    private static Map<String, String> file(Pod pod) {
        var podSpec = pod.getMetadata().getAnnotations().get(Annotations.POD_SPEC);
        return FILES.computeIfAbsent(
                podSpec, spec -> PodChanges.between(spec, spec).properties());
    }

    /** As the launcher does it. */
    private void format(Disk disk, int id, Map<String, String> identity) {
        disk.clusterId = identity.get(Identity.CLUSTER_ID);
        var founders = Arrays.asList(identity.get(Identity.INITIAL_CONTROLLERS).split(","));
        var own = founders.stream().filter(f -> f.startsWith(id + "@")).findFirst();
        if (own.isPresent() && !Boolean.parseBoolean(identity.get(Identity.FORMED))) {
            disk.directoryId = own.get().substring(own.get().lastIndexOf(':') + 1);
            disk.founders = founders.stream()
                    .map(f -> f.substring(0, f.indexOf('@')) + ":" + f.substring(f.lastIndexOf(':') + 1))
                    .toList();
        } else {
            disk.directoryId = "new-%018d".formatted(directories++);
        }
    }

    private void probe(Pod pod, int id) {
        fullDisk(pod).ifPresent(claim -> {
            missed.add(claim.getMetadata().getUid());
            kafka.doesWithoutSecondDisk(id, true);
        });
        boolean broker = pod.getMetadata().getLabels().containsKey(Labels.BROKER);
        boolean ready = !blind.contains(pod.getMetadata().getName())
                && kafka.isCaughtUp(id)
                && (!broker || kafka.isServing(id));
        if (random.nextInt(slowness) == 0) {
            report(pod, ready ? PodStatuses.State.READY : PodStatuses.State.STARTING);
        }
    }

    private void report(Pod pod, PodStatuses.State state) {
        if (PodStatuses.is(pod.getStatus(), state)) {
            return;
        }
        update(pod, state);
    }

    private void update(Pod pod, PodStatuses.State state) {
        tell(pod, PodStatuses.of(state, now.get(), pod.getStatus()));
    }

    private void tell(Pod pod, PodStatus status) {
        var updated = copy(pod);
        updated.setStatus(resizes.told(pod, status));
        kube.update(updated);
    }

    void deleteClaims(Pod pod) {
        for (var claim : claims(pod)) {
            kube.update(new PersistentVolumeClaimBuilder(claim)
                    .editMetadata()
                    .withDeletionTimestamp(now.get().toString())
                    .endMetadata()
                    .build());
        }
    }

    /** The data of a node is gone, and its pod with it; its claim is made again as soon as it is missed. */
    void loseDisk(Pod pod) {
        disks.remove(diskKey(pod));
        var set = kube.everything(StatefulSet.class).stream()
                .filter(s -> Names.pod(s.getMetadata().getName(), id(pod))
                        .equals(pod.getMetadata().getName()))
                .findFirst();
        set.ifPresent(s -> claims(pod).forEach(kube::erase));
        vanish(pod);
        set.ifPresent(this::control);
    }

    /** A disk fails under a node whose host lives on. */
    void failDisk(Pod pod, PersistentVolumeClaim claim) {
        failedDisks.put(claim.getMetadata().getUid(), now.get());
        if (isIndispensable(claim)) {
            kafka.stop(id(pod));
        } else {
            kafka.doesWithoutSecondDisk(id(pod), true);
        }
    }

    void hideReasons() {
        isSilent = true;
    }

    /** Of any node, one that it can do without; Kafka does, as without one that has failed. */
    boolean hasFullDisk() {
        return spaces.areFilled()
                && kube.everything(PersistentVolumeClaim.class).stream()
                        .anyMatch(claim -> spaces.isFull(claim) && !isIndispensable(claim));
    }

    private Optional<PersistentVolumeClaim> fullDisk(Pod pod) {
        return spaces.areFilled()
                ? claims(pod).stream()
                        .filter(claim -> spaces.isFull(claim) && !isIndispensable(claim))
                        .findFirst()
                : Optional.empty();
    }

    /** There is room on it again, and its process does not know. */
    boolean hasRoomAgain(Pod pod) {
        return !missed.isEmpty() && claims(pod).stream().anyMatch(this::hasRoomAgain);
    }

    private boolean hasRoomAgain(PersistentVolumeClaim claim) {
        return missed.contains(claim.getMetadata().getUid()) && !spaces.isFull(claim);
    }

    /** Somebody makes room on what has none. */
    void makeRoom() {
        kube.everything(PersistentVolumeClaim.class).stream()
                .filter(claim -> spaces.areFilled() && spaces.isFull(claim) && !isIndispensable(claim))
                .forEach(claim -> spaces.fill(claim, 50));
    }

    /** Of nodes that cannot do without what has failed. */
    List<Integer> nodesWithoutDisk() {
        return claimsFailed().filter(this::isIndispensable).map(FakeNodes::node).toList();
    }

    private static int node(PersistentVolumeClaim claim) {
        var name = claim.getMetadata().getName();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    /** Those of a node that may fail. A controller alone has no use for a second one, and what was mended does not fail again. */
    List<PersistentVolumeClaim> breakable(Pod pod) {
        var claims = claims(pod);
        if (claims.stream()
                .anyMatch(claim -> mended.contains(claim.getMetadata().getUid()))) {
            return List.of();
        }
        return pod.getMetadata().getLabels().containsKey(Labels.BROKER) || claims.isEmpty()
                ? claims
                : List.of(claims.getFirst());
    }

    boolean hasFailedDisk() {
        return claimsFailed().findAny().isPresent();
    }

    /** Of a node that there is to be: claims of others are kept as they are. */
    boolean hasFailedDiskInUse() {
        return claimsFailed()
                .anyMatch(claim -> kube.everything(StatefulSet.class).stream().anyMatch(set -> isOf(set, node(claim))));
    }

    long failedDisks() {
        return claimsFailed().count();
    }

    private Stream<PersistentVolumeClaim> claimsFailed() {
        return failedDisks.isEmpty()
                ? Stream.empty()
                : kube.everything(PersistentVolumeClaim.class).stream()
                        .filter(claim -> failedSince(claim).isPresent());
    }

    Optional<PersistentVolumeClaim> failedDisk(Pod pod) {
        return failedDisks.isEmpty()
                ? Optional.empty()
                : claims(pod).stream()
                        .filter(claim ->
                                failedDisks.containsKey(claim.getMetadata().getUid()))
                        .findFirst();
    }

    /** Since when that disk has failed. */
    Optional<Instant> failedSince(PersistentVolumeClaim claim) {
        return Optional.ofNullable(failedDisks.get(claim.getMetadata().getUid()));
    }

    /** Somebody mends it. A process that has ended for it starts again by itself; one that does without has to be told. */
    void mendDisks() {
        var running = kube.everything(Pod.class).stream()
                .filter(pod -> failedDisk(pod).isPresent())
                .filter(pod -> kafka.isRunning(id(pod)))
                .toList();
        mended.addAll(failedDisks.keySet());
        failedDisks.clear();
        running.forEach(this::vanish);
    }

    /** The one with the metadata; a broker may do without another. */
    boolean isIndispensable(PersistentVolumeClaim claim) {
        var name = claim.getMetadata().getName();
        var pod = name.substring(name.indexOf('-'));
        return kube.everything(PersistentVolumeClaim.class).stream()
                .map(other -> other.getMetadata().getName())
                .filter(other -> other.endsWith(pod))
                .findFirst()
                .filter(name::equals)
                .isPresent();
    }

    /** The disk of a node that does not run without. */
    private Optional<PersistentVolumeClaim> withoutRoom(Pod pod) {
        return spaces.areFilled()
                ? claims(pod).stream()
                        .filter(claim -> spaces.isFull(claim) && isIndispensable(claim))
                        .findFirst()
                : Optional.empty();
    }

    private void endsForDisk(Pod pod, String words) {
        kafka.stop(id(pod));
        boolean isNew = !words.equals(lastWords.put(pod.getMetadata().getUid(), words));
        if (isNew || !PodStatuses.is(pod.getStatus(), PodStatuses.State.WITHOUT_DISK)) {
            tell(pod, PodStatuses.of(PodStatuses.State.WITHOUT_DISK, now.get(), pod.getStatus(), words));
        }
    }

    private static String directory(PersistentVolumeClaim claim) {
        var name = claim.getMetadata().getName();
        return "/var/lib/kafka/" + name.substring(0, name.indexOf('-')) + "/kafka-log";
    }

    @Override
    public DiskReport disks(Pod pod) {
        if (isSilent) {
            return DiskReport.NOTHING;
        }
        var claims = claims(pod);
        return new DiskReport(
                failedDisk(pod)
                        .map(claim -> Map.of(directory(claim), "Input/output error"))
                        .orElse(Map.of()),
                fullDisk(pod)
                        .filter(claim -> failedSince(claim).isEmpty())
                        .map(claim -> Map.of(directory(claim), spaces.fileSystem(claim)))
                        .orElse(Map.of()),
                claims.stream()
                        .filter(claim ->
                                hasRoomAgain(claim) && failedSince(claim).isEmpty())
                        .map(FakeNodes::directory)
                        .collect(Collectors.toSet()));
    }

    /** By the name of the claim. */
    void hangDisk(String claim, boolean hangs) {
        if (hangs) {
            hangingDisks.add(claim);
        } else {
            hangingDisks.remove(claim);
        }
    }

    @Override
    public Set<String> hangingDisks(Pod pod) {
        return hangingDisks.isEmpty()
                ? Set.of()
                : claims(pod).stream()
                        .filter(claim ->
                                hangingDisks.contains(claim.getMetadata().getName()))
                        .map(FakeNodes::directory)
                        .collect(Collectors.toSet());
    }

    /** The host of its disks is down, and its process with it. */
    void loseHost(Pod pod, boolean exists) {
        var claims = claims(pod);
        var host =
                claims.isEmpty() ? hosts.another() : claims.getFirst().getSpec().getVolumeName();
        var bound = copy(pod);
        bound.setSpec(new PodSpecBuilder(pod.getSpec()).withNodeName(host).build());
        kube.update(bound);
        hosts.lose(id(pod), host, exists);
        kafka.stop(id(pod));
    }

    boolean isOnHostLostAt(Pod pod, Instant time) {
        return hosts.isDown(pod, claims(pod)) && hosts.isDownSince(time);
    }

    /** On all disks that there are. */
    List<String> directories() {
        return disks.values().stream().map(disk -> disk.directoryId).toList();
    }

    boolean losesDiskWith(Pod pod) {
        var claims = claims(pod);
        return claims.isEmpty()
                || claims.stream().anyMatch(claim -> claim.getMetadata().getDeletionTimestamp() != null);
    }

    List<PersistentVolumeClaim> claims(Pod pod) {
        var suffix = "-" + pod.getMetadata().getName();
        var claims = new ArrayList<PersistentVolumeClaim>();
        for (var claim : kube.everything(PersistentVolumeClaim.class)) {
            if (claim.getMetadata().getName().endsWith(suffix)) {
                claims.add(claim);
            }
        }
        return claims;
    }

    /** Without claims its own, which ends with it. */
    Set<String> volumes(Pod pod) {
        var claims =
                claims(pod).stream().map(claim -> claim.getMetadata().getUid()).collect(Collectors.toSet());
        return claims.isEmpty() ? Set.of(pod.getMetadata().getUid()) : claims;
    }

    private String diskKey(Pod pod) {
        var claims = claims(pod);
        return claims.isEmpty()
                ? pod.getMetadata().getUid()
                : claims.getFirst().getMetadata().getUid();
    }

    /** A controller in a pod of its own, which tells of it too, should its StatefulSet be deleted. */
    static boolean isController(FakeKube kube, int id) {
        return kube.everything(StatefulSet.class).stream()
                        .filter(set -> set.getMetadata().getLabels().containsKey(Labels.CONTROLLER))
                        .anyMatch(set -> id / NodeSet.RANGE * NodeSet.RANGE
                                == set.getSpec().getOrdinals().getStart())
                || kube.everything(Pod.class).stream()
                        .filter(pod -> id(pod) == id)
                        .map(pod -> pod.getMetadata().getLabels())
                        .anyMatch(
                                labels -> labels.containsKey(Labels.CONTROLLER) && !labels.containsKey(Labels.BROKER));
    }

    static int id(Pod pod) {
        var name = pod.getMetadata().getName();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private static Pod copy(Pod pod) {
        var copy = new Pod(pod.getApiVersion(), pod.getKind(), meta(pod), pod.getSpec(), pod.getStatus());
        return copy;
    }

    private static ObjectMeta meta(HasMetadata object) {
        var from = object.getMetadata();
        var meta = meta(from.getName(), from.getLabels(), from.getAnnotations(), from.getOwnerReferences());
        meta.setUid(from.getUid());
        meta.setGeneration(from.getGeneration());
        meta.setCreationTimestamp(from.getCreationTimestamp());
        meta.setDeletionTimestamp(from.getDeletionTimestamp());
        meta.setManagedFields(from.getManagedFields());
        return meta;
    }

    private static ObjectMeta meta(
            String name, Map<String, String> labels, Map<String, String> annotations, List<OwnerReference> owners) {
        var meta = new ObjectMeta();
        meta.setName(name);
        meta.setLabels(labels);
        meta.setAnnotations(annotations);
        meta.setOwnerReferences(owners);
        return meta;
    }
}
