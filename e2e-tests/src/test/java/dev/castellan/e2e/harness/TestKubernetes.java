package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.client.Config;
import java.util.List;
import java.util.Optional;

/** The Kubernetes that the suite runs on; nothing but this knows whether it is the suite's own. */
interface TestKubernetes extends AutoCloseable {
    Config config();

    /** Where programs on this machine reach node ports, if they have to be told; else the nodes' own addresses serve. */
    Optional<Outside> outside();

    /** Brings these images of this machine to the nodes, beside those of the operator and of the Kafka under test. */
    void load(List<String> images);

    /** Kubernetes nodes that a test may kill; none where they are somebody else's. */
    List<String> mortalHosts();

    /** One that no test kills, for what all tests need; empty: any. */
    Optional<String> safeHost();

    /** All its processes end at once. */
    void kill(String host);

    /** It comes back as it was, with its disks. */
    void revive(String host);

    /** Kubernetes nodes of which a test may use the inside; none where they are somebody else's. */
    List<String> ownHosts();

    /** Runs a script on one of them, as its root. */
    void run(String host, String script);

    @Override
    void close();

    /** A run that was killed could not take away what it had made. */
    static void clearLeftovers() {
        if (Setting.kubeconfig().isEmpty()) {
            K3sOnDocker.clearLeftovers();
        }
    }

    static TestKubernetes start() {
        return Setting.kubeconfig().<TestKubernetes>map(ExistingKubernetes::new).orElseGet(K3sOnDocker::start);
    }
}
