package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Repository;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Shell;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is only counted: images, CRDs, permissions. */
@E2E
@Tag("bench")
@Order(6)
class SizesBench {
    private static final double MEGABYTE = 1e6;
    private static final double KILOBYTE = 1e3;
    private static final String OPERATOR = "castellan/operator:" + System.getProperty("castellan.version", "0.1.0");
    private static final Figures FIGURES = new Figures(SizesBench.class);

    @Test
    void images() {
        KafkaVersions.images()
                .forEach((version, image) -> FIGURES.tell(Figure.single(
                        "image of a broker of Kafka " + version, "MB", Bar.atMost(220), megabytes(image))));
        FIGURES.tell(Figure.single("image of the operator", "MB", Bar.NONE, megabytes(OPERATOR)));
    }

    @Test
    void crds() throws IOException {
        try (var files = Files.list(Repository.file("crds/src/main/crds"))) {
            for (var file : files.sorted().toList()) {
                FIGURES.tell(
                        Figure.single("CRD " + file.getFileName(), "kB", Bar.atMost(100), Files.size(file) / KILOBYTE));
            }
        }
    }

    @Test
    void permissions(Scene scene) {
        var rbac = scene.client().rbac();
        var rules = Stream.concat(
                        rbac.clusterRoles().withName("castellan").require().getRules().stream(),
                        rbac
                                .roles()
                                .inNamespace("castellan-system")
                                .withName("castellan-leader-election")
                                .require()
                                .getRules()
                                .stream())
                .toList();
        FIGURES.tell(Figure.single(
                "permissions: resources",
                "",
                Bar.atMost(20),
                rules.stream().flatMap(SizesBench::resources).distinct().count()));
        FIGURES.tell(Figure.single("permissions: resources and verbs", "", Bar.atMost(80), pairs(rules)));
    }

    private static long pairs(List<PolicyRule> rules) {
        return rules.stream()
                .flatMap(rule -> resources(rule)
                        .flatMap(resource -> rule.getVerbs().stream().map(verb -> resource + " " + verb)))
                .distinct()
                .count();
    }

    private static Stream<String> resources(PolicyRule rule) {
        return rule.getApiGroups().stream()
                .flatMap(group -> rule.getResources().stream().map(resource -> group + "/" + resource));
    }

    /** As the Docker engine has it: layers unpacked, shared ones included. */
    private static double megabytes(String image) {
        var size = Shell.run(
                Repository.file(""), Duration.ofMinutes(1), "docker", "image", "inspect", "-f", "{{.Size}}", image);
        return Long.parseLong(size) / MEGABYTE;
    }
}
