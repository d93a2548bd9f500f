package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a topic exists, asked of real Kafkas that would not have one made as it is tried. */
class ApacheKafkaExistenceKafkaIT {
    private static final Existence EXISTS = new Existence.Exists();
    private static final Existence ABSENT = new Existence.Absent();

    @TempDir
    private Path directory;

    @Test
    void moreReplicasAndPartitionsByDefaultThanThereMayBe() {
        var settings = Map.of("default.replication.factor", "3", "num.partitions", "10001");
        try (var nodes = KafkaNodes.start(1, directory, settings);
                var admin = ApacheKafkaAdmin.connect(nodes.bootstrap())) {
            create(admin, "a.b");

            assertThat(admin.existence(List.of("a.b", "a_b", "bad/name", "not-here")))
                    .isEqualTo(Map.of("a.b", EXISTS, "a_b", ABSENT, "bad/name", ABSENT, "not-here", ABSENT));
        }
    }

    @Test
    void aPolicyThatRefusesOrFails() {
        var settings = Map.of("create.topic.policy.class.name", Policy.class.getName());
        try (var nodes = KafkaNodes.start(1, directory, settings);
                var admin = ApacheKafkaAdmin.connect(nodes.bootstrap())) {
            create(admin, "here");

            assertThat(admin.existence(List.of("here", "refused", "not-here")))
                    .isEqualTo(Map.of("here", EXISTS, "refused", ABSENT, "not-here", ABSENT));
            assertThat(admin.existence(List.of("failing")).get("failing")).isInstanceOf(Existence.Untold.class);
        }
    }

    private static void create(KafkaAdmin admin, String name) {
        var one = new NewTopic(name, 1, Optional.of((short) 1), Map.of());
        assertThat(admin.create(List.of(one)).get(name)).isInstanceOf(Outcome.Created.class);
    }

    public static final class Policy implements CreateTopicPolicy {
        @Override
        public void validate(RequestMetadata topic) {
            if (topic.topic().equals("refused")) {
                throw new PolicyViolationException("not this one");
            }
            if (topic.topic().equals("failing")) {
                throw new IllegalStateException("the policy's own fault");
            }
        }

        @Override
        public void configure(Map<String, ?> settings) {}

        @Override
        public void close() {}
    }
}
