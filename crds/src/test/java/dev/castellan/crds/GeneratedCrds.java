package dev.castellan.crds;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The CRDs as the Java types say them; the same types always give the same text. */
final class GeneratedCrds {
    static final List<Class<? extends CustomResource<?, ?>>> KINDS = List.of(KafkaCluster.class, KafkaTopic.class);

    private static final String HEADER =
            "# Generated from the Java types in crds/src/main/java: change those, then `make crds`.\n";

    private GeneratedCrds() {}

    /**
     * The CRDs by name, for example kafkatopics.castellan.dev. Rules whose message is an expression have it in plain words
     * too, for the API reference.
     */
    static SortedMap<String, ObjectNode> byName() {
        var crds = new TreeMap<String, ObjectNode>();
        KINDS.forEach(kind -> {
            var crd = ApiConventions.applyTo(kind, generate(kind));
            crds.put(crd.at("/metadata/name").asText(), crd);
        });
        return crds;
    }

    static String yaml(ObjectNode crd) {
        return HEADER + CrdYaml.of(SaidOnce.in(withoutPlainMessages(crd)));
    }

    /** The API server prefers the expression; a text that nobody ever sees need not be in every CRD. */
    private static ObjectNode withoutPlainMessages(ObjectNode crd) {
        var copy = crd.deepCopy();
        copy.findParents("messageExpression").forEach(rule -> ((ObjectNode) rule).remove("message"));
        return copy;
    }

    private static ObjectNode generate(Class<? extends CustomResource<?, ?>> kind) {
        var generated = new TreeMap<String, ObjectNode>();
        new CRDGenerator()
                .forCRDVersions("v1")
                .withOutput(new Nowhere())
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String version) {
                        generated.put(crd.getMetadata().getName(), new ObjectMapper().valueToTree(crd));
                        return crd;
                    }
                })
                .customResourceClasses(kind)
                .generate();
        return generated.firstEntry().getValue();
    }

    /** The generator's own text is not used: it is taken as a tree, before it becomes text. */
    private static final class Nowhere implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return new ByteArrayOutputStream();
        }

        @Override
        public URI crdURI(String crdName) {
            return URI.create("file:///" + crdName);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
