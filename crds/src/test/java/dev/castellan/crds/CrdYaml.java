package dev.castellan.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as people write it by hand: what is short stands on one line. In the deep schema of a CRD, a third of the text would
 * be indentation otherwise, and a CRD must stay small for the tools that apply it.
 */
final class CrdYaml {
    /** Of what people read, with words in it. */
    private static final int LINE = 120;

    /** Of Kubernetes' own types, which nobody looks up here. */
    private static final int LONG_LINE = 400;

    /** Levels that look as in any manifest. */
    private static final int FRAME = 2;

    private CrdYaml() {}

    static String of(JsonNode tree) {
        var options = new DumperOptions();
        options.setSplitLines(false);
        options.setWidth(Integer.MAX_VALUE);
        var text = new StringWriter();
        new Yaml(options).serialize(node(tree, FRAME), text);
        return text.toString();
    }

    private static Node node(JsonNode tree, int frame) {
        if (tree.isObject()) {
            var fields = new ArrayList<NodeTuple>();
            tree.properties()
                    .forEach(field -> fields.add(
                            new NodeTuple(scalar(Tag.STR, field.getKey()), node(field.getValue(), frame - 1))));
            return new MappingNode(Tag.MAP, fields, style(tree, frame));
        }
        if (tree.isArray()) {
            List<Node> items = StreamSupport.stream(tree.spliterator(), false)
                    .map(item -> node(item, frame - 1))
                    .toList();
            return new SequenceNode(Tag.SEQ, items, style(tree, frame));
        }
        return scalar(tag(tree), tree.asText());
    }

    private static FlowStyle style(JsonNode tree, int frame) {
        if (frame > 0) {
            return FlowStyle.BLOCK;
        }
        var json = tree.toString();
        boolean hasWords = json.contains("\"description\":") || json.contains("\"message");
        return json.length() <= (hasWords ? LINE : LONG_LINE) ? FlowStyle.FLOW : FlowStyle.BLOCK;
    }

    private static Tag tag(JsonNode value) {
        if (value.isTextual()) {
            return Tag.STR;
        }
        return value.isBoolean() ? Tag.BOOL : Tag.INT;
    }

    private static Node scalar(Tag tag, String value) {
        boolean hasQuotes = value.contains("'") && !value.contains("\"") && !value.contains("\\");
        return new ScalarNode(tag, value, null, null, hasQuotes ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN);
    }
}
