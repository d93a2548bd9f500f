package dev.castellan.e2e.traffic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of one partition that lies where a test wants it, and is as large. */
record Ballast(String bootstrap, String topic, List<Integer> brokers, int kilobytes) {
    private static final int RECORD = 16 * 1024;

    static Ballast of(Map<String, String> arguments) {
        return new Ballast(
                arguments.get("bootstrap"),
                arguments.get("topic"),
                Arrays.stream(arguments.get("brokers").split(","))
                        .map(Integer::valueOf)
                        .toList(),
                Integer.parseInt(arguments.get("kilobytes")));
    }

    Map<String, String> lay() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(Set.of(new NewTopic(topic, Map.of(0, brokers))))
                    .all()
                    .get();
        }
        var value = new byte[RECORD];
        new Random(1).nextBytes(value);
        var settings = new HashMap<String, Object>(Map.of("bootstrap.servers", bootstrap, "acks", "all"));
        var serializer = new ByteArraySerializer();
        try (var producer = new KafkaProducer<byte[], byte[]>(settings, serializer, serializer)) {
            producer.send(new ProducerRecord<>(topic, value)).get(); // On its own, see Run#mayFollow.
            var sent = new ArrayList<Future<RecordMetadata>>();
            for (int i = 1; i < kilobytes * 1024 / RECORD; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, value)));
            }
            for (var record : sent) {
                record.get();
            }
        }
        return Map.of();
    }
}
