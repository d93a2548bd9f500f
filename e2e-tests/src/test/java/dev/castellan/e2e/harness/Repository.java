package dev.castellan.e2e.harness;

import java.nio.file.Path;

/** Files of this repository that tests use. */
public final class Repository {
    private Repository() {}

    public static Path file(String path) {
        return Setting.ROOT.resolve(path);
    }
}
