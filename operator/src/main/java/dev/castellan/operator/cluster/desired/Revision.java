package dev.castellan.operator.cluster.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a restart of a node would bring about: its pod and Kafka's properties. It travels as JSON with the pod, so
 * that what differs can be named, and a lost ConfigMap of it can be made again.
 */
public record Revision(
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        SortedMap<String, String> properties,
        PodSpec spec) {
    private static final String FILE = "server.properties";

    static Revision of(ClusterSpec spec, NodeSet set, SortedMap<String, String> properties, Installation installation) {
        var labels = new TreeMap<>(set.template().labels());
        labels.putAll(Metadata.labels(spec, set));
        labels.put(Labels.VERSION, spec.version()); // status reads it from each pod
        var configMap = Names.nodeConfig(set.name(), CanonicalJson.hash(PropertiesText.of(properties)));
        return new Revision(
                labels,
                new TreeMap<>(set.template().annotations()),
                properties,
                NodePod.of(spec, set, installation, configMap));
    }

    /** What the pods of a set that exists are made from; empty if it is not a set of ours, or was tampered with. */
    static Optional<Revision> of(StatefulSet live) {
        return Optional.ofNullable(live.getSpec().getTemplate().getMetadata())
                .map(meta -> Objects.requireNonNullElse(meta.getAnnotations(), Map.<String, String>of()))
                .map(annotations -> annotations.get(Annotations.POD_SPEC))
                .flatMap(Revision::parse);
    }

    static Optional<Revision> parse(String json) {
        try {
            return Optional.of(CanonicalJson.read(json, Revision.class)).filter(Revision::isWhole);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    String json() {
        return CanonicalJson.write(this);
    }

    PodTemplateSpec template() {
        var all = new TreeMap<>(annotations());
        all.put(Annotations.POD_SPEC, json());
        var metadata =
                new ObjectMetaBuilder().withLabels(labels).withAnnotations(all).build();
        return new PodTemplateSpec(metadata, spec);
    }

    ConfigMap configMap(ClusterSpec spec, NodeSet set) {
        return new ConfigMapBuilder()
                .withMetadata(Metadata.of(spec, configMapName(), set))
                .withData(Map.of(FILE, PropertiesText.of(properties)))
                .build();
    }

    String configMapName() {
        return configMapName(spec).orElseThrow();
    }

    /** The ConfigMap of the properties that a pod mounts. */
    static Optional<String> configMapName(PodSpec spec) {
        return spec.getVolumes().stream()
                .filter(volume -> volume.getName().equals(NodeVolumes.CONFIG) && volume.getConfigMap() != null)
                .map(volume -> volume.getConfigMap().getName())
                .findFirst();
    }

    private boolean isWhole() {
        return labels != null
                && properties != null
                && spec != null
                && configMapName(spec).isPresent();
    }

    public Revision {
        annotations = annotations == null ? new TreeMap<>() : annotations;
    }
}
