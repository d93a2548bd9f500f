package dev.castellan.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the operator may do is small and does not grow unseen. */
class PermissionsTest {
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");

    private final List<JsonNode> objects =
            Chart.objects(Chart.render(Path.of("src/test/resources/golden/defaults/values.yaml")));

    @Test
    void areFew() {
        assertThat(resources(rules("ClusterRole", "Role"))).hasSizeLessThanOrEqualTo(20);
        assertThat(pairs(rules("ClusterRole", "Role"))).hasSizeLessThanOrEqualTo(80);
    }

    @Test
    void doNotGrowUnseen() {
        // The bars leave room: one who takes of it changes these numbers, and says in the chart what for.
        assertThat(resources(rules("ClusterRole", "Role"))).hasSize(18);
        assertThat(pairs(rules("ClusterRole", "Role"))).hasSize(64);
    }

    @Test
    void haveNoWildcard() {
        assertThat(rules("ClusterRole", "Role").flatMap(rule -> Stream.of("apiGroups", "resources", "verbs")
                        .flatMap(field -> texts(rule.path(field)))))
                .noneMatch(text -> text.contains("*"));
    }

    @Test
    void readNoSecrets() {
        assertThat(resources(rules("ClusterRole", "Role"))).noneMatch(resource -> resource.endsWith("/secrets"));
    }

    @Test
    void giveNoPermissions() {
        assertThat(pairs(rules("ClusterRole", "Role")))
                .noneMatch(pair -> pair.startsWith("rbac.authorization.k8s.io/"))
                .noneMatch(
                        pair -> pair.endsWith(" escalate") || pair.endsWith(" bind") || pair.endsWith(" impersonate"));
    }

    @Test
    void neverChangeClusters() {
        assertThat(pairs(rules("ClusterRole", "Role")))
                .noneMatch(pair -> pair.startsWith("castellan.dev/kafkaclusters ")
                        && WRITES.stream().anyMatch(pair::endsWith));
    }

    private Stream<JsonNode> rules(String... kinds) {
        return objects.stream()
                .filter(object -> Set.of(kinds).contains(object.path("kind").asText()))
                .flatMap(role -> StreamSupport.stream(role.path("rules").spliterator(), false));
    }

    private static Set<String> resources(Stream<JsonNode> rules) {
        return rules.flatMap(PermissionsTest::resources).collect(TreeSet::new, Set::add, Set::addAll);
    }

    private static Set<String> pairs(Stream<JsonNode> rules) {
        return rules.flatMap(rule -> resources(rule)
                        .flatMap(resource -> texts(rule.path("verbs")).map(verb -> resource + " " + verb)))
                .collect(TreeSet::new, Set::add, Set::addAll);
    }

    private static Stream<String> resources(JsonNode rule) {
        return texts(rule.path("apiGroups"))
                .flatMap(group -> texts(rule.path("resources")).map(resource -> group + "/" + resource));
    }

    private static Stream<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
    }
}
