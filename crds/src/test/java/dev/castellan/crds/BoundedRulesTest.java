package dev.castellan.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The API server takes no CRD of which a rule might cost too much, and a regular expression costs as much as the longest text that it may
 * meet: so that text, or each of a list, is bounded.
 */
class BoundedRulesTest {

    @TestFactory
    Stream<DynamicTest> boundsTextsThatRegularExpressionsMeet() {
        var schemas = GeneratedCrds.byName().values().stream()
                .flatMap(crd -> crd.findParents("x-kubernetes-validations").stream())
                .filter(schema -> schema.path("type").asText().matches("string|array"))
                .filter(schema -> schema.path("x-kubernetes-validations").findValuesAsText("rule").stream()
                        .anyMatch(rule -> rule.contains(".matches(")))
                .toList();
        assertThat(schemas).isNotEmpty();
        return schemas.stream()
                .map(schema -> DynamicTest.dynamicTest(
                        schema.at("/x-kubernetes-validations/0/rule").asText(),
                        () -> assertThat(text(schema).path("maxLength").asInt()).isPositive()));
    }

    private static JsonNode text(JsonNode schema) {
        return schema.path("items").isMissingNode() ? schema : schema.get("items");
    }
}
