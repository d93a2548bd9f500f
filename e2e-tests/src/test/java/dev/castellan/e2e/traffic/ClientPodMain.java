package dev.castellan.e2e.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * The Kafka clients of the suite, in a pod of the Kubernetes under test: where applications run, and where every listener can
 * be reached whatever cluster it is. Its classes need nothing but the JDK and kafka-clients; the suite puts them into the
 * broker image and talks to them over HTTP.
 */
public final class ClientPodMain {
    /** The only fact of an answer that is none. */
    public static final String FAILED = "exception";

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    private final Map<String, Flow> runs = new ConcurrentHashMap<>();

    private ClientPodMain() {}

    public static void main(String[] args) throws IOException {
        // A Service that was deleted and made again has another address, of which the JVM would hear after 30 s. That a
        // cluster has none is forgotten at once: it is about to get one.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        var clients = new ClientPodMain();
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", clients::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String text;
        try {
            text = lines(call(exchange.getRequestURI().getPath().substring(1), parameters(exchange)));
        } catch (Exception e) {
            // Whatever it is, the test that asked is to show it: not as a status, of which a client of Kubernetes keeps
            // no text.
            e.printStackTrace();
            text = lines(Map.of(FAILED, e.toString()));
        }
        var bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        try (var body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    private Map<String, String> call(String verb, Map<String, String> arguments) throws Exception {
        boolean keepsTrying = verb.startsWith("start");
        if (!keepsTrying && arguments.containsKey("bootstrap")) {
            new Access(arguments.get("bootstrap")).awaitAddress(PATIENCE);
        }
        return switch (verb) {
            case "ready" -> Map.of();
            case "start" ->
                start(
                        arguments,
                        (access, topic, partitions, rate) ->
                                new Run(access, topic, partitions, rate, Integer.parseInt(arguments.get("size"))));
            case "start-transactions" -> start(arguments, Transactions::new);
            case "checkpoint" -> verdict(run(arguments), run(arguments).checkpoint(PATIENCE));
            case "read-again" -> verdict(run(arguments), run(arguments).readAgain(PATIENCE));
            case "pause" -> {
                run(arguments).pause(PATIENCE);
                yield run(arguments).report();
            }
            case "resume" -> {
                run(arguments).resume();
                yield run(arguments).report();
            }
            case "report" -> run(arguments).report();
            case "measure-waits-anew" -> {
                run(arguments).measureWaitsAnew();
                yield Map.of();
            }
            case "stop" -> {
                runs.remove(arguments.get("run")).close();
                yield Map.of();
            }
            case "topic" -> Questions.topic(arguments.get("bootstrap"), arguments.get("topic"));
            case "create-topic" -> Questions.createTopic(arguments.get("bootstrap"), arguments.get("topic"));
            case "delete-topic" -> Questions.deleteTopic(arguments.get("bootstrap"), arguments.get("topic"));
            case "set-topic-config" ->
                Questions.setTopicConfig(
                        arguments.get("bootstrap"),
                        arguments.get("topic"),
                        arguments.get("property"),
                        arguments.get("value"));
            case "broker-config" -> Questions.brokerConfig(arguments.get("bootstrap"), arguments.get("property"));
            case "quorum" -> Questions.quorum(arguments.get("bootstrap"));
            case "brokers" -> Questions.brokers(arguments.get("bootstrap"));
            case "replicas" -> Questions.replicas(arguments.get("bootstrap"));
            case "bytes" -> Questions.bytes(arguments.get("bootstrap"));
            case "ballast" -> Ballast.of(arguments).lay();
            case "load" -> Load.of(arguments).run();
            case "bare-topics" -> BareTopics.of(arguments).run(arguments.get("act"));
            case "in-sync" -> Questions.awaitInSync(arguments.get("bootstrap"), PATIENCE);
            default -> throw new IllegalArgumentException("unknown verb " + verb);
        };
    }

    private interface Beginning {
        Flow of(Access access, String topic, int partitions, int ratePerSecond);
    }

    private Map<String, String> start(Map<String, String> arguments, Beginning beginning) {
        runs.computeIfAbsent(arguments.get("run"), name -> beginning
                .of(
                        new Access(arguments.get("bootstrap")),
                        arguments.get("topic"),
                        Integer.parseInt(arguments.get("partitions")),
                        Integer.parseInt(arguments.get("rate")))
                .start());
        return Map.of();
    }

    private Flow run(Map<String, String> arguments) {
        var run = runs.get(arguments.get("run"));
        if (run == null) {
            throw new IllegalArgumentException("no such run: " + arguments.get("run"));
        }
        return run;
    }

    private static Map<String, String> verdict(Flow run, List<String> problems) {
        var facts = new TreeMap<>(run.report());
        facts.put("problems", String.join("; ", problems));
        return facts;
    }

    private static Map<String, String> parameters(HttpExchange exchange) {
        var parameters = new HashMap<String, String>();
        var query = exchange.getRequestURI().getRawQuery();
        if (query != null) {
            for (var pair : query.split("&")) {
                var cut = pair.indexOf('=');
                parameters.put(pair.substring(0, cut), URLDecoder.decode(pair.substring(cut + 1), UTF_8));
            }
        }
        return parameters;
    }

    private static String lines(Map<String, String> facts) {
        var lines = new ArrayList<String>();
        new TreeMap<>(facts).forEach((key, value) -> lines.add(key + "=" + value.replace('\n', ' ')));
        return String.join("\n", lines);
    }
}
