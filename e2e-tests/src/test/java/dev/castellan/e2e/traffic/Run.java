package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Steady traffic through one topic: an idempotent acks=all producer, a consumer in a group, and a ledger of both. It bears
 * whatever happens to the cluster and only ever waits; that everything promised is there is asked of it at any time.
 */
final class Run implements Flow {
    private static final String PADDING = "·".repeat(40);
    /** More records than this on the way, and the producer waits: an outage must not fill the memory. */
    private static final int MOST_IN_FLIGHT = 2_000;

    private final Access access;
    private final String topic;
    private final int partitions;
    private final Duration interval;
    private final Ledger ledger = new Ledger();
    private final AtomicLong inFlight = new AtomicLong();
    private final Waits waits = new Waits();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<String> firstFailure = new AtomicReference<>("");
    private final AtomicReference<Instant> firstAcknowledged = new AtomicReference<>();
    private final CountDownLatch created = new CountDownLatch(1);
    private final Thread producing;
    private final Thread consuming;
    private volatile boolean sending = true;
    private volatile boolean closed;
    private volatile String state = "starting";

    Run(Access access, String topic, int partitions, int ratePerSecond) {
        this.access = access;
        this.topic = topic;
        this.partitions = partitions;
        this.interval = Duration.ofSeconds(1).dividedBy(ratePerSecond);
        producing = Thread.ofPlatform().name("produce-" + topic).start(() -> guarded(this::produce));
        consuming = Thread.ofPlatform().name("consume-" + topic).start(() -> guarded(this::consume));
    }

    /** Waits until records are acknowledged anew, some in each partition, and all acknowledged ones are read. */
    @Override
    public List<String> checkpoint(Duration patience) throws InterruptedException {
        var deadline = Instant.now().plus(patience);
        var problems = new ArrayList<String>();
        var before = acknowledgedByPartition();
        if (sending && !ledger.await(() -> !sending || haveAllMovedSince(before), patience)) {
            problems.add("records acknowledged by partition: %s, and after %s: %s; %d on the way, %s"
                    .formatted(before, patience, acknowledgedByPartition(), inFlight.get(), state));
        }
        var ends = ledger.promisedOffsets();
        ledger.await(() -> ledger.hasReadUpTo(ends), Duration.between(Instant.now(), deadline));
        problems.addAll(ledger.problemsUpTo(ends));
        if (failed.get() > 0) {
            problems.add("%d records were refused, the first: %s".formatted(failed.get(), firstFailure.get()));
        }
        return problems;
    }

    private List<Integer> acknowledgedByPartition() {
        return IntStream.range(0, partitions)
                .map(ledger::acknowledgedIn)
                .boxed()
                .toList();
    }

    private boolean haveAllMovedSince(List<Integer> before) {
        return IntStream.range(0, partitions).allMatch(p -> ledger.acknowledgedIn(p) >= before.get(p) + 2);
    }

    /** Sends nothing more until {@link #resume}; returns once every record on the way has met its fate. */
    @Override
    public void pause(Duration patience) throws InterruptedException {
        sending = false;
        ledger.await(() -> inFlight.get() == 0, patience);
    }

    @Override
    public void resume() {
        sending = true;
    }

    /** Reads the whole topic again with a new consumer of its own, and holds it against all promises. */
    @Override
    public List<String> readAgain(Duration patience) {
        var ends = ledger.promisedOffsets();
        var second = ledger.unread();
        var deadline = Instant.now().plus(patience);
        try (var consumer = new KafkaConsumer<String, String>(consumerSettings("reread"))) {
            var all = ends.keySet().stream()
                    .map(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!second.hasReadUpTo(ends) && Instant.now().isBefore(deadline)) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> second.read(record.partition(), sequence(record.value()), record.offset()));
            }
        }
        return second.problemsUpTo(ends);
    }

    @Override
    public void measureWaitsAnew() {
        waits.beginAnew();
    }

    @Override
    public Map<String, String> report() {
        var facts = new TreeMap<>(waits.facts());
        facts.put("state", state);
        facts.put("acknowledged", Long.toString(ledger.acknowledged()));
        facts.put("read", Long.toString(ledger.read()));
        facts.put("inFlight", Long.toString(inFlight.get()));
        facts.put(
                "firstAcknowledged",
                Optional.ofNullable(firstAcknowledged.get())
                        .map(Instant::toString)
                        .orElse(""));
        return facts;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        producing.interrupt();
        created.countDown();
        producing.join();
        consuming.join();
    }

    private void produce() throws InterruptedException {
        createTopic();
        created.countDown();
        try (Producer<String, String> producer = new KafkaProducer<>(producerSettings())) {
            var sequences = new long[partitions];
            for (int turn = 0; !closed; turn = (turn + 1) % partitions) {
                if (sending && inFlight.get() < MOST_IN_FLIGHT && mayFollow(turn, sequences[turn])) {
                    send(producer, turn, sequences[turn]++);
                }
                Thread.sleep(interval);
            }
        }
    }

    /**
     * The first record of a partition is on its own until it is acknowledged: a leader that hears of its new partition between two
     * requests refuses the first, accepts the second, and the first, which is then out of order, never (KAFKA-15591).
     */
    private boolean mayFollow(int partition, long sequence) {
        return sequence == 0 || ledger.acknowledgedIn(partition) > 0;
    }

    private void send(Producer<String, String> producer, int partition, long sequence) {
        var started = Instant.now();
        inFlight.incrementAndGet();
        var record = new ProducerRecord<>(topic, partition, "k" + partition, sequence + " " + PADDING);
        producer.send(record, (sent, failure) -> {
            waits.add(partition, started, Instant.now());
            inFlight.decrementAndGet();
            if (failure == null) {
                ledger.acknowledged(partition, sequence, sent.offset());
                firstAcknowledged.compareAndSet(null, Instant.now());
            } else if (!closed) {
                failed.incrementAndGet();
                firstFailure.compareAndSet("", failure.toString());
            }
        });
        state = "running";
    }

    private void createTopic() throws InterruptedException {
        while (!closed && !access.createTopic(topic, partitions, problem -> state = problem)) {
            Thread.sleep(100);
        }
    }

    private void consume() throws InterruptedException {
        created.await(); // A consumer that is there before its topic may take half a minute to notice it.
        try (Consumer<String, String> consumer = new KafkaConsumer<>(consumerSettings(topic))) {
            consumer.subscribe(Set.of(topic));
            while (!closed) {
                try {
                    consumer.poll(Duration.ofMillis(200))
                            .forEach(record ->
                                    ledger.read(record.partition(), sequence(record.value()), record.offset()));
                } catch (RetriableException e) {
                    state = "reading: " + e;
                }
            }
        }
    }

    private static long sequence(String value) {
        return Long.parseLong(value.substring(0, value.indexOf(' ')));
    }

    private Properties producerSettings() {
        return access.settings(Map.of(
                "acks", "all",
                "enable.idempotence", "true",
                "linger.ms", "0",
                // Whatever happens to the cluster, a record is not given up within a test.
                "delivery.timeout.ms", "600000",
                "max.block.ms", "600000",
                "request.timeout.ms", "5000",
                "key.serializer", StringSerializer.class.getName(),
                "value.serializer", StringSerializer.class.getName()));
    }

    private Properties consumerSettings(String group) {
        return access.settings(Map.of(
                "group.id", group,
                "group.protocol", "consumer",
                "auto.offset.reset", "earliest",
                // Whoever asks first would decide the number of partitions.
                "allow.auto.create.topics", "false",
                "auto.commit.interval.ms", "1000",
                "request.timeout.ms", "5000",
                "key.deserializer", StringDeserializer.class.getName(),
                "value.deserializer", StringDeserializer.class.getName()));
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
            if (!closed) {
                state = "interrupted";
            }
        } catch (RuntimeException e) {
            state = "broken: " + e;
            failed.incrementAndGet();
            firstFailure.compareAndSet("", e.toString());
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }
}
