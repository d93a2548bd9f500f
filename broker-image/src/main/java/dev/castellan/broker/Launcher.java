package dev.castellan.broker;

import dev.castellan.broker.agent.Agent;
import dev.castellan.broker.agent.FactsReader;
import dev.castellan.broker.agent.NodeFacts.Node;
import dev.castellan.broker.agent.NodeFacts.Phase;
import dev.castellan.broker.disk.Disks;
import dev.castellan.broker.disk.Rounds;
import dev.castellan.broker.metrics.MetricsPage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what is mounted in the pod into a running Kafka node, in this one process. */
public final class Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    private static final Path CONFIG = Path.of("/etc/castellan/config/server.properties");
    private static final Path IDENTITY = Path.of("/etc/castellan/identity");
    private static final int AGENT_PORT = 8080;

    private Launcher() {}

    public static void main(String[] args) {
        var words = new LastWords();
        var ending = new Ending(words);
        forgetAddressesSoon();
        try {
            run(ending, words);
            ending.serverEnded();
        } catch (Throwable e) {
            ending.fatal(e);
        }
    }

    /**
     * Pods come with new addresses and new names all the time. By default Java would believe an old address for 30 s, and that a name
     * does not exist for 10 s, which is longer than a whole cluster needs to form.
     */
    private static void forgetAddressesSoon() {
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private static void run(Ending ending, LastWords words) throws IOException {
        var environment = NodeEnvironment.of(System.getenv());
        var identity = Identity.of(MountedFiles.directory(IDENTITY));
        var config = NodeConfig.of(MountedFiles.properties(CONFIG), identity, environment);
        LOG.info("Configuration of {}:\n{}", environment.podName(), config.describe());
        var disks = Disks.looks(config.directories());
        var directories = Storage.prepare(config, identity, disks, words);

        var reader = new FactsReader(new Node(
                config.nodeId(),
                config.roles(),
                KafkaNode.version(),
                identity.clusterId(),
                Storage.directoryIds(directories)));
        Agent.start(
                AGENT_PORT,
                reader,
                disks,
                new MetricsPage(config.directories(), disks, config.showsTopicMetrics())::text);
        Rounds.start(() -> words.look(disks));
        ending.tell(reader::phase);

        ending.stopOnSignal(() -> {}); // nothing runs yet
        Founding.await(config, identity);
        var kafka = new KafkaNode(config.kafka());
        reader.unfenced(kafka::isUnfenced);
        ending.stopOnSignal(kafka::stop);
        kafka.start();
        reader.phase(Phase.STARTED);
        kafka.awaitEnd();
    }
}
