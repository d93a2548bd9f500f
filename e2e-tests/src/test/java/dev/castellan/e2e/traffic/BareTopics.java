package dev.castellan.e2e.traffic;

import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What Kafka itself takes to create topics, change their configuration and delete them, each until a broker that is asked
 * shows it: no operator can be quicker.
 *
 * @param batch topics in one request
 * @param threads batches at a time
 */
record BareTopics(String bootstrap, int topics, int partitions, int copies, int batch, int threads) {
    private static final String CHANGED = "123456789";
    /** Kafka has no watch for topics. */
    private static final int GLANCE_MILLIS = 50;

    static BareTopics of(Map<String, String> arguments) {
        return new BareTopics(
                arguments.get("bootstrap"),
                Integer.parseInt(arguments.get("topics")),
                Integer.parseInt(arguments.get("partitions")),
                Integer.parseInt(arguments.get("copies")),
                Integer.parseInt(arguments.get("batch")),
                Integer.parseInt(arguments.get("threads")));
    }

    /** How long it took until the last batch was through with it. What is created is left there, unless it is all of a life. */
    Map<String, String> run(String act) throws Exception {
        return timed(
                switch (act) {
                    case "create" -> this::create;
                    case "delete" -> BareTopics::delete;
                    case "life" -> this::live;
                    default -> throw new IllegalArgumentException("unknown act " + act);
                });
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

    private Map<String, String> timed(Act act) throws Exception {
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
            return Map.of("nanos", Long.toString(System.nanoTime() - started));
        }
    }

    private List<List<String>> batches() {
        var all = IntStream.range(0, topics).mapToObj(i -> "bare-" + i).toList();
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
        while (seen(admin, names) < names.size()) {
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    private static long seen(Admin admin, Collection<String> names) throws Exception {
        long seen = 0;
        for (var topic : admin.describeTopics(names).topicNameValues().values()) {
            try {
                topic.get();
                seen++;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return seen;
    }

    private static void alter(Admin admin, List<String> names) throws Exception {
        var change = List.of(new AlterConfigOp(new ConfigEntry("retention.ms", CHANGED), OpType.SET));
        var resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        admin.incrementalAlterConfigs(resources.stream().collect(toMap(r -> r, r -> change)))
                .all()
                .get();
        while (!admin.describeConfigs(resources).all().get().values().stream()
                .allMatch(config -> CHANGED.equals(config.get("retention.ms").value()))) {
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    private static void delete(Admin admin, List<String> names) throws Exception {
        admin.deleteTopics(names).all().get();
        while (seen(admin, names) > 0) {
            Thread.sleep(GLANCE_MILLIS);
        }
    }
}
