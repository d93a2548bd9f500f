package dev.castellan.e2e.traffic;

import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What Kafka itself takes to create topics, change their configuration and delete them, until a broker lists all of them, or
 * none any more: no operator can be quicker.
 *
 * @param batch topics in one request
 * @param threads batches at a time
 */
record BareTopics(String bootstrap, int topics, int partitions, int copies, int batch, int threads) {
    private static final String PREFIX = "bare-";
    private static final String CHANGED = "123456789";
    /** Kafka has no watch for topics. */
    private static final int GLANCE_MILLIS = 100;

    static BareTopics of(Map<String, String> arguments) {
        return new BareTopics(
                arguments.get("bootstrap"),
                Integer.parseInt(arguments.get("topics")),
                Integer.parseInt(arguments.get("partitions")),
                Integer.parseInt(arguments.get("copies")),
                Integer.parseInt(arguments.get("batch")),
                Integer.parseInt(arguments.get("threads")));
    }

    /** How long it took. What is created is left there, unless it is all of a life. */
    Map<String, String> run(String act) throws Exception {
        return switch (act) {
            case "create" -> timed(this::create, topics);
            case "delete" -> timed(BareTopics::delete, 0);
            case "life" -> timed(this::live, 0);
            default -> throw new IllegalArgumentException("unknown act " + act);
        };
    }

    private void live(Admin admin, List<String> names) throws Exception {
        create(admin, names);
        alter(admin, names);
        delete(admin, names);
    }

    @FunctionalInterface
    private interface Act {
        void on(Admin admin, List<String> names) throws Exception;
    }

    private Map<String, String> timed(Act act, int left) throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap));
                var executor = Executors.newFixedThreadPool(threads)) {
            admin.describeCluster().nodes().get();
            var started = System.nanoTime();
            var jobs = batches().stream()
                    .<Callable<Void>>map(names -> () -> {
                        act.on(admin, names);
                        return null;
                    })
                    .toList();
            for (var job : executor.invokeAll(jobs)) {
                job.get();
            }
            while (listed(admin) != left) {
                Thread.sleep(GLANCE_MILLIS);
            }
            return Map.of("nanos", Long.toString(System.nanoTime() - started));
        }
    }

    private List<List<String>> batches() {
        var all = IntStream.range(0, topics).mapToObj(i -> PREFIX + i).toList();
        var batches = new ArrayList<List<String>>();
        for (int from = 0; from < topics; from += batch) {
            batches.add(all.subList(from, Math.min(topics, from + batch)));
        }
        return batches;
    }

    private void create(Admin admin, List<String> names) throws Exception {
        admin.createTopics(names.stream()
                        .map(name -> new NewTopic(name, Optional.of(partitions), Optional.of((short) copies)))
                        .toList())
                .all()
                .get();
    }

    private static long listed(Admin admin) throws Exception {
        return admin.listTopics().names().get().stream()
                .filter(name -> name.startsWith(PREFIX))
                .count();
    }

    private static void alter(Admin admin, List<String> names) throws Exception {
        var change = List.of(new AlterConfigOp(new ConfigEntry("retention.ms", CHANGED), OpType.SET));
        var resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        admin.incrementalAlterConfigs(resources.stream().collect(toMap(r -> r, r -> change)))
                .all()
                .get();
    }

    private static void delete(Admin admin, List<String> names) throws Exception {
        admin.deleteTopics(names).all().get();
    }
}
