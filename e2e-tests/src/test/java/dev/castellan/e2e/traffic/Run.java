package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
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

/** Steady traffic of an idempotent acks=all producer and a consumer in a group, with a ledger of both. */
final class Run extends Flow {
    private static final String PADDING = "·"; // Two bytes.

    /** More records than this on the way, and the producer waits: an outage must not fill the memory. */
    private static final int MOST_IN_FLIGHT = 2_000;

    private final String padding;

    private final Ledger ledger = new Ledger();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicReference<Instant> firstAcknowledged = new AtomicReference<>();

    /** @param size of each record, in bytes or about */
    Run(Access access, String topic, int partitions, int ratePerSecond, int size) {
        super(access, topic, partitions, ratePerSecond);
        this.padding = PADDING.repeat(size / 2);
    }

    @Override
    List<String> checkpoint(Duration patience) throws InterruptedException {
        var deadline = Instant.now().plus(patience);
        var problems = new ArrayList<String>();
        var before = acknowledgedByPartition();
        if (isSending() && !ledger.await(() -> !isSending() || haveAllMovedSince(before), patience)) {
            problems.add("records acknowledged by partition: %s, and after %s: %s; %d on the way, %s"
                    .formatted(before, patience, acknowledgedByPartition(), inFlight.get(), state()));
        }
        var ends = ledger.promisedOffsets();
        ledger.await(() -> ledger.hasReadUpTo(ends), Duration.between(Instant.now(), deadline));
        problems.addAll(ledger.problemsUpTo(ends));
        problems.addAll(failures());
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

    @Override
    void awaitIdle(Duration patience) throws InterruptedException {
        ledger.await(() -> inFlight.get() == 0, patience);
    }

    @Override
    List<String> readAgain(Duration patience) {
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
    Map<String, String> report() {
        var facts = super.report();
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
    void produce() throws InterruptedException {
        try (Producer<String, String> producer = new KafkaProducer<>(producerSettings())) {
            var sequences = new long[partitions];
            for (int turn = 0; !isClosed(); turn = (turn + 1) % partitions) {
                if (isSending() && inFlight.get() < MOST_IN_FLIGHT && mayFollow(turn, sequences[turn])) {
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
        var record = new ProducerRecord<>(topic, partition, "k" + partition, sequence + " " + padding);
        producer.send(record, (sent, failure) -> {
            waits.add(partition, started, Instant.now());
            inFlight.decrementAndGet();
            if (failure == null) {
                ledger.acknowledged(partition, sequence, sent.offset());
                firstAcknowledged.compareAndSet(null, Instant.now());
            } else if (!isClosed()) {
                failed("record %d of partition %d: %s".formatted(sequence, partition, failure));
            }
        });
        isNow("running");
    }

    @Override
    void consume() {
        try (Consumer<String, String> consumer = new KafkaConsumer<>(consumerSettings(topic))) {
            consumer.subscribe(Set.of(topic));
            while (!isClosed()) {
                try {
                    consumer.poll(Duration.ofMillis(200))
                            .forEach(record ->
                                    ledger.read(record.partition(), sequence(record.value()), record.offset()));
                } catch (RetriableException e) {
                    isNow("reading: " + e);
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
}
