package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** As many records as the brokers take, by one producer with the client's defaults, and all of them read back by one consumer. */
record Load(String bootstrap, String topic, int partitions, int records, int size) {
    private static final int COPIES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static Load of(Map<String, String> arguments) {
        return new Load(
                arguments.get("bootstrap"),
                arguments.get("topic"),
                Integer.parseInt(arguments.get("partitions")),
                Integer.parseInt(arguments.get("records")),
                Integer.parseInt(arguments.get("size")));
    }

    /** How long it took to have all acknowledged, and how long to read all. The topic is gone afterwards. */
    Map<String, String> run() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.of((short) COPIES))))
                    .all()
                    .get();
            Questions.awaitInSync(bootstrap, PATIENCE);
            var produced = produce();
            var consumed = consume();
            admin.deleteTopics(Set.of(topic)).all().get();
            return Map.of("producedNanos", Long.toString(produced), "consumedNanos", Long.toString(consumed));
        }
    }

    private long produce() {
        var value = new byte[size];
        new Random(1).nextBytes(value);
        var failure = new AtomicReference<Exception>();
        var settings = settings(Map.of(
                "acks", "all",
                "key.serializer", ByteArraySerializer.class.getName(),
                "value.serializer", ByteArraySerializer.class.getName()));
        try (var producer = new KafkaProducer<byte[], byte[]>(settings)) {
            producer.partitionsFor(topic);
            var started = System.nanoTime();
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, value), (sent, refused) -> {
                    if (refused != null) {
                        failure.compareAndSet(null, refused);
                    }
                });
            }
            producer.flush();
            if (failure.get() != null) {
                throw new IllegalStateException("a record was refused", failure.get());
            }
            return System.nanoTime() - started;
        }
    }

    private long consume() {
        var settings = settings(Map.of(
                "key.deserializer", ByteArrayDeserializer.class.getName(),
                "value.deserializer", ByteArrayDeserializer.class.getName()));
        try (var consumer = new KafkaConsumer<byte[], byte[]>(settings)) {
            var all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            all.forEach(consumer::position);
            var started = System.nanoTime();
            for (long read = 0; read < records; ) {
                if (System.nanoTime() - started > PATIENCE.toNanos()) {
                    throw new IllegalStateException("only %d of %d records were read".formatted(read, records));
                }
                read += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return System.nanoTime() - started;
        }
    }

    private Properties settings(Map<String, String> special) {
        var settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.putAll(special);
        return settings;
    }
}
