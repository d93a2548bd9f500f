package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Steady transactions, one after the other, each with a record to every partition; each fifth is given up. What is committed is
 * read, all of it, once, and nothing else.
 */
final class Transactions extends Flow {
    private static final int GIVEN_UP = 5;

    private final Fates fates;
    private volatile boolean idle;

    Transactions(Access access, String topic, int partitions, int ratePerSecond) {
        super(access, topic, partitions, ratePerSecond);
        this.fates = new Fates(partitions);
    }

    @Override
    List<String> checkpoint(Duration patience) throws InterruptedException {
        var deadline = Instant.now().plus(patience);
        var problems = new ArrayList<String>();
        int before = fates.countCommitted();
        if (isSending() && !fates.await(() -> !isSending() || fates.countCommitted() > before, patience)) {
            problems.add("%d transactions committed, and none more after %s: %s".formatted(before, patience, state()));
        }
        int last = fates.lastCommitted();
        fates.await(isRead(last, fates), Duration.between(Instant.now(), deadline));
        problems.addAll(fates.problemsUpTo(last));
        problems.addAll(failures());
        return problems;
    }

    private static BooleanSupplier isRead(int last, Fates fates) {
        return () -> last < 0 || fates.hasReadUpTo(last);
    }

    @Override
    void awaitIdle(Duration patience) throws InterruptedException {
        fates.await(() -> idle, patience);
    }

    @Override
    List<String> readAgain(Duration patience) {
        int last = fates.lastCommitted();
        var second = fates.unread();
        var isRead = isRead(last, second);
        var deadline = Instant.now().plus(patience);
        try (var consumer = reader()) {
            while (!isRead.getAsBoolean() && Instant.now().isBefore(deadline)) {
                poll(consumer, second);
            }
        }
        return second.problemsUpTo(last);
    }

    @Override
    Map<String, String> report() {
        var facts = super.report();
        facts.put("acknowledged", Integer.toString(fates.countCommitted() * partitions));
        return facts;
    }

    @Override
    void produce() throws InterruptedException {
        int next = 0;
        while (!isClosed()) {
            try (Producer<String, String> producer = new KafkaProducer<>(producerSettings())) {
                producer.initTransactions(); // what another has left open is given up
                next = produce(producer, next);
            }
        }
    }

    /** Until one fails. */
    private int produce(Producer<String, String> producer, int first) throws InterruptedException {
        int transaction = first;
        while (!isClosed()) {
            idle = !isSending();
            if (isSending() && !isDone(producer, transaction++)) {
                return transaction;
            }
            Thread.sleep(interval);
        }
        return transaction;
    }

    /** Whatever happens to brokers, it is the producer that bears it: one that fails is told as a problem. */
    private boolean isDone(Producer<String, String> producer, int transaction) {
        var started = Instant.now();
        try {
            producer.beginTransaction();
            for (int partition = 0; partition < partitions; partition++) {
                producer.send(new ProducerRecord<>(topic, partition, "t", Integer.toString(transaction)));
            }
            if (transaction % GIVEN_UP == GIVEN_UP - 1) {
                producer.flush();
                producer.abortTransaction();
                fates.aborted(transaction);
            } else {
                producer.commitTransaction();
                fates.committed(transaction);
            }
            waits.add(0, started, Instant.now());
            isNow("running");
            return true;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            failed("transaction %d: %s".formatted(transaction, e));
            return false;
        }
    }

    @Override
    void consume() {
        try (var consumer = reader()) {
            while (!isClosed()) {
                poll(consumer, fates);
            }
        }
    }

    private static void poll(Consumer<String, String> consumer, Fates into) {
        consumer.poll(Duration.ofMillis(200))
                .forEach(record -> into.read(record.partition(), record.offset(), Integer.parseInt(record.value())));
    }

    private Consumer<String, String> reader() {
        var consumer = new KafkaConsumer<String, String>(access.settings(Map.of(
                "isolation.level", "read_committed",
                "allow.auto.create.topics", "false",
                "request.timeout.ms", "5000",
                "key.deserializer", StringDeserializer.class.getName(),
                "value.deserializer", StringDeserializer.class.getName())));
        var all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        return consumer;
    }

    private Properties producerSettings() {
        return access.settings(Map.of(
                "transactional.id", topic,
                "linger.ms", "0",
                "delivery.timeout.ms", "600000",
                "max.block.ms", "600000",
                "transaction.timeout.ms", "600000",
                "request.timeout.ms", "5000",
                "key.serializer", StringSerializer.class.getName(),
                "value.serializer", StringSerializer.class.getName()));
    }
}
