package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A Kubernetes that was there before: its nodes hold the images, or can pull them. */
record ExistingKubernetes(Config config) implements TestKubernetes {
    ExistingKubernetes(String kubeconfig) {
        this(Config.fromKubeconfig(Path.of(kubeconfig).toFile()));
    }

    @Override
    public Optional<Outside> outside() {
        return Optional.empty();
    }

    @Override
    public void load(List<String> images) {
        // They hold these as well.
    }

    @Override
    public List<String> mortalHosts() {
        return List.of();
    }

    @Override
    public Optional<String> safeHost() {
        return Optional.empty();
    }

    @Override
    public void kill(String host) {
        throw new IllegalStateException("not ours to kill");
    }

    @Override
    public void revive(String host) {
        throw new IllegalStateException("not ours to kill");
    }

    @Override
    public List<String> ownHosts() {
        return List.of();
    }

    @Override
    public void run(String host, String script) {
        throw new IllegalStateException("not ours to enter");
    }

    @Override
    public void close() {
        // Not ours to stop.
    }
}
