package dev.castellan.operator.cluster.desired;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.StorageSpec;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a node's pod mounts: its configuration, the cluster's identity, a place for temporary files, its disks. */
final class NodeVolumes {
    static final String CONFIG = "config";
    private static final String IDENTITY = "identity";
    private static final String TEMPORARY = "tmp";
    private static final int READ_BY_ALL = 0644;

    private NodeVolumes() {}

    static List<Volume> volumes(ClusterSpec spec, NodeSet set, String configMap) {
        var volumes = new ArrayList<Volume>();
        volumes.add(configMap(CONFIG, configMap));
        volumes.add(configMap(IDENTITY, Names.identity(spec.name())));
        volumes.add(new VolumeBuilder()
                .withName(TEMPORARY)
                .withNewEmptyDir()
                .endEmptyDir()
                .build());
        if (set.storage().ephemeral()) {
            set.storage().volumes().forEach(volume -> volumes.add(ephemeral(volume)));
        }
        return volumes;
    }

    static List<VolumeMount> mounts(NodeSet set) {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(readOnly(CONFIG, "/etc/castellan/config"));
        mounts.add(readOnly(IDENTITY, "/etc/castellan/identity"));
        mounts.add(mount(TEMPORARY, "/tmp"));
        set.storage().volumes().forEach(volume -> mounts.add(mount(volume.name(), volume.mountPath())));
        return mounts;
    }

    /** With evidence of the cluster's identity, since claims outlive everything else of a cluster. */
    static List<PersistentVolumeClaim> claims(ClusterSpec spec, Identity identity, NodeSet set) {
        if (set.storage().ephemeral()) {
            return List.of();
        }
        return set.storage().volumes().stream()
                .map(volume -> claim(spec, identity, set, volume))
                .toList();
    }

    /** What a disk is formatted with is known only until there is a quorum, which then has its own. */
    private static Map<String, String> evidence(ClusterSpec spec, Identity identity) {
        var evidence = new TreeMap<String, String>();
        evidence.put(Annotations.CLUSTER_ID, identity.clusterId());
        evidence.put(Annotations.CONTROLLERS, identity.initialControllers());
        if (!identity.formed()) {
            evidence.put(Annotations.METADATA_VERSION, KafkaVersions.metadataVersion(spec.version()));
        }
        return evidence;
    }

    private static PersistentVolumeClaim claim(
            ClusterSpec spec, Identity identity, NodeSet set, StorageSpec.Volume volume) {
        var labels = Metadata.labels(spec, set);
        labels.put(Labels.FIRST_NODE_ID, String.valueOf(set.firstNodeId()));
        // Argo CD may take what bears it, and belongs to nobody, for a part of its Application of that name, and prune
        // it.
        labels.remove(Labels.INSTANCE);
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(volume.name())
                .withLabels(labels)
                .withAnnotations(evidence(spec, identity))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withVolumeMode("Filesystem")
                .withStorageClassName(volume.storageClass().orElse(null))
                .withNewResources()
                .withRequests(Map.of("storage", volume.size().orElseThrow()))
                .endResources()
                .endSpec()
                .build();
    }

    private static Volume configMap(String name, String configMap) {
        return new VolumeBuilder()
                .withName(name)
                .withNewConfigMap()
                .withName(configMap)
                .withDefaultMode(READ_BY_ALL)
                .endConfigMap()
                .build();
    }

    private static Volume ephemeral(StorageSpec.Volume volume) {
        return new VolumeBuilder()
                .withName(volume.name())
                .withNewEmptyDir()
                .withSizeLimit(volume.size().orElse(null))
                .endEmptyDir()
                .build();
    }

    private static VolumeMount mount(String name, String path) {
        return new VolumeMountBuilder().withName(name).withMountPath(path).build();
    }

    private static VolumeMount readOnly(String name, String path) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(true)
                .build();
    }
}
