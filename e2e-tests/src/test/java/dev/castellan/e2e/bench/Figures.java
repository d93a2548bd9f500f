package dev.castellan.e2e.bench;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The figures of one benchmark: each told as soon as it is there, all of them kept in a file for programs. */
final class Figures {
    private static final Logger LOG = LoggerFactory.getLogger(Figures.class);
    private static final Path FOLDER =
            Path.of(System.getProperty("bench.output", "target/bench")).toAbsolutePath();

    private final String bench;
    private final List<Figure> figures = new ArrayList<>();

    Figures(Class<?> bench) {
        this.bench = bench.getSimpleName();
    }

    /** A bar that is missed is shown as missed; the run goes on. */
    void tell(Figure figure) {
        LOG.info("{}", figure.line());
        figures.add(figure);
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(bench + ".json"), json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String json() {
        return Serialization.asJson(Map.of(
                "bench",
                bench,
                "taken",
                Instant.now().toString(),
                "cores",
                Runtime.getRuntime().availableProcessors(),
                "figures",
                figures.stream().map(Figures::fields).toList()));
    }

    private static Map<String, Object> fields(Figure figure) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", figure.name());
        fields.put("value", figure.value());
        fields.put("unit", figure.unit());
        fields.put("bar", figure.bar().text());
        fields.put("met", figure.isMet());
        fields.put("samples", figure.samples().sorted());
        fields.put("line", figure.line());
        return fields;
    }
}
