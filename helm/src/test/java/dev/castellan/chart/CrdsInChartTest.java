package dev.castellan.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart's CRDs are those of the crds module, as templates, so that an upgrade of the chart upgrades them. */
class CrdsInChartTest {
    private static final Path SOURCE = Path.of("../crds/src/main/crds");
    private static final Path TEMPLATES = Chart.FOLDER.resolve("templates/crds");

    @BeforeAll
    static void update() throws IOException {
        if (Boolean.getBoolean("crds.update")) {
            Files.createDirectories(TEMPLATES);
            for (var file : expected().entrySet()) {
                Files.writeString(file.getKey(), file.getValue());
            }
        }
    }

    @Test
    void areThoseOfTheCrdsModule() throws IOException {
        for (var file : expected().entrySet()) {
            assertThat(file.getKey()).as("`make crds` writes it anew").content().isEqualTo(file.getValue());
        }
        try (var files = Files.list(TEMPLATES)) {
            assertThat(files).hasSameSizeAs(expected().keySet());
        }
    }

    @Test
    void stayWhenTheChartIsUninstalled(@TempDir Path folder) throws IOException {
        Path values = Files.writeString(folder.resolve("values.yaml"), "crds: {install: true}\n");
        var crds = Chart.objects(Chart.render(values), "CustomResourceDefinition");
        assertThat(crds).hasSize(2).allSatisfy(crd -> assertThat(
                        crd.at("/metadata/annotations/helm.sh~1resource-policy").asText())
                .isEqualTo("keep"));
    }

    private static Map<Path, String> expected() throws IOException {
        var files = new TreeMap<Path, String>();
        try (var crds = Files.list(SOURCE)) {
            for (Path crd : crds.sorted().toList()) {
                files.put(TEMPLATES.resolve(crd.getFileName()), template(Files.readString(crd)));
            }
        }
        return files;
    }

    private static String template(String crd) {
        assertThat(crd).as("text that Helm would read as a template").doesNotContain("{{");
        return "{{- if .Values.crds.install }}\n"
                + crd.replaceFirst("(?m)^metadata:$", "metadata:\n  annotations:\n    helm.sh/resource-policy: keep")
                + "{{- end }}\n";
    }
}
