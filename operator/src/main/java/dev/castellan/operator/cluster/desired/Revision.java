package dev.castellan.operator.cluster.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.DynamicKeys;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.Relieved;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a restart of a node would bring about: its pod and Kafka's properties. It travels as JSON with the pod, so
 * that what differs can be named, and a lost ConfigMap of it can be made again.
 *
 * @param json as it travels; of a set that exists, to the letter, or what another operator wrote would look changed
 */
record Revision(String json, Content content) {
    private static final String FILE = "server.properties";

    record Content(
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            SortedMap<String, String> properties,
            PodSpec spec) {

        Content {
            annotations = annotations == null ? new TreeMap<>() : annotations;
        }

        private boolean isWhole() {
            return labels != null
                    && properties != null
                    && spec != null
                    && configMapName(spec).isPresent();
        }
    }

    static Revision of(ClusterSpec spec, NodeSet set, SortedMap<String, String> properties, Installation installation) {
        var labels = new TreeMap<>(set.template().labels());
        labels.putAll(Metadata.labels(spec, set));
        labels.put(Labels.VERSION, spec.version()); // status reads it from each pod
        var content = new Content(
                labels,
                new TreeMap<>(set.template().annotations()),
                properties,
                NodePod.of(spec, set, installation, configMapName(set, properties)));
        return new Revision(CanonicalJson.write(content), content);
    }

    private static String configMapName(NodeSet set, SortedMap<String, String> properties) {
        return Names.nodeConfig(set.name(), CanonicalJson.hash(PropertiesText.of(properties)));
    }

    static Optional<Revision> parse(String json) {
        try {
            return Optional.ofNullable(CanonicalJson.read(json, Content.class))
                    .filter(Content::isWhole)
                    .map(content -> new Revision(json, content));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The same to the letter, but for what Kafka takes while it runs. */
    Revision with(NodeSet set, DynamicConfig dynamic) {
        var changed = new TreeMap<>(content.properties());
        changed.keySet().removeIf(key -> DynamicKeys.isDynamic(dynamic.version(), key));
        changed.putAll(dynamic.properties());
        return changed.equals(content.properties()) ? this : with(changed, configMapName(set, changed));
    }

    /** The same to the letter, but for CPU and memory of Kafka's container. */
    Revision with(ResourceRequirements resources) {
        try {
            var tree = CanonicalJson.read(json, ObjectNode.class);
            for (var container : tree.path("spec").path("containers")) {
                if (container.path("name").asText().equals(Names.CONTAINER)) {
                    set((ObjectNode) container, "requests", resources.getRequests());
                    set((ObjectNode) container, "limits", resources.getLimits());
                }
            }
            return parse(tree.toString()).orElseThrow();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a revision that was read before: " + json, e);
        }
    }

    private static void set(ObjectNode container, String kind, Map<String, Quantity> quantities) {
        quantities.forEach((name, quantity) -> container
                .withObject("/resources/" + kind)
                .put(name, Quantities.canonical(quantity).toString()));
    }

    private Revision with(SortedMap<String, String> properties, String configMap) {
        try {
            var tree = CanonicalJson.read(json, ObjectNode.class);
            properties.forEach(tree.putObject("properties")::put);
            for (var volume : tree.path("spec").path("volumes")) {
                if (volume.path("name").asText().equals(NodeVolumes.CONFIG)) {
                    ((ObjectNode) volume.path("configMap")).put("name", configMap);
                }
            }
            return parse(tree.toString()).orElseThrow();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a revision that was read before: " + json, e);
        }
    }

    /** The node founded the quorum, and is a broker now and nothing else. */
    boolean relieves(int nodeId) {
        return Relieved.in(content.properties().get(Relieved.PROPERTY), nodeId);
    }

    boolean asksDedicated() {
        return Relieved.DEDICATED.equals(content.properties().get(Relieved.QUORUM));
    }

    /** The same pod, whatever its Kafka is configured to. */
    boolean isSamePod(Revision other) {
        return unconfigured().equals(other.unconfigured());
    }

    private Content unconfigured() {
        var spec = new PodSpecBuilder(content.spec())
                .editMatchingVolume(volume -> NodeVolumes.CONFIG.equals(volume.getName()))
                .editConfigMap()
                .withName(null)
                .endConfigMap()
                .endVolume()
                .build();
        return new Content(content.labels(), content.annotations(), new TreeMap<>(), spec);
    }

    PodTemplateSpec template() {
        var annotations = new TreeMap<>(content.annotations());
        annotations.put(Annotations.POD_SPEC, json);
        var metadata = new ObjectMetaBuilder()
                .withLabels(content.labels())
                .withAnnotations(annotations)
                .build();
        return new PodTemplateSpec(metadata, content.spec());
    }

    ConfigMap configMap(ClusterSpec spec, NodeSet set) {
        var configMap = new ConfigMap();
        configMap.setMetadata(Metadata.of(spec, configMapName(), set));
        configMap.setData(Map.of(FILE, PropertiesText.of(content.properties())));
        return configMap;
    }

    String configMapName() {
        return configMapName(content.spec()).orElseThrow();
    }

    /** The ConfigMap of the properties that a pod mounts. */
    static Optional<String> configMapName(PodSpec spec) {
        return spec.getVolumes().stream()
                .filter(volume -> volume.getName().equals(NodeVolumes.CONFIG) && volume.getConfigMap() != null)
                .map(volume -> volume.getConfigMap().getName())
                .findFirst();
    }
}
