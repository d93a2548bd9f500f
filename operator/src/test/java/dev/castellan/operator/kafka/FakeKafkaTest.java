package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.kafka.FakeKafka.Disk;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Rate;
import dev.castellan.operator.placement.Throttle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FakeKafkaTest {
    private static final List<String> FOUNDERS = List.of("0:d0", "1:d1", "2:d2");

    private final List<String> alarms = new ArrayList<>();
    private final FakeKafka kafka = new FakeKafka(alarms::add, () -> {});

    @Test
    void finalisesWhatAllNodesKnow() {
        kafka.start(0, true, true, "4.3.1", founder(0), 0, Map.of());
        kafka.start(1, true, true, "4.3.1", founder(1), 0, Map.of());
        kafka.start(2, true, true, "4.4.0", founder(2), 0, Map.of());
        pass(10);
        assertThat(kafka.metadataVersion()).isEqualTo("4.3-IV0");

        assertThatThrownBy(() -> kafka.finaliseMetadataVersion("4.4-IV2", true))
                .hasMessageContaining("does not support");
        assertThat(kafka.finalised()).isEqualTo("4.3-IV0");
    }

    @Test
    void formsWithAMajorityOfFoundersAndNotBefore() {
        kafka.start(0, true, true, KafkaVersions.newest(), founder(0), 0, Map.of());
        pass(5);
        assertThat(kafka.hasLeader()).isFalse();
        assertThatThrownBy(kafka::quorum).isInstanceOf(KafkaUnavailable.class);

        kafka.start(1, true, true, KafkaVersions.newest(), founder(1), 0, Map.of());
        pass(5);

        assertThat(kafka.quorum().voters()).hasSize(3);
        assertThat(kafka.brokers()).containsExactly(new Broker(0, "host-0", false), new Broker(1, "host-1", false));
    }

    @Test
    void losesItsLeaderWithTheMajority() {
        form();
        kafka.stop(1);
        kafka.stop(2);
        pass(1);
        assertThat(kafka.hasLeader()).isFalse();
    }

    @Test
    void shrinksAndGrowsTheIsr() {
        form();
        kafka.createTopic("orders", 2, List.of(List.of(0, 1, 2)));
        var disk = founder(1);
        kafka.stop(1);
        pass(1);
        assertThat(kafka.topics().getFirst().partitions())
                .containsExactly(new Partition(0, 0, List.of(0, 1, 2), List.of(0, 2)));

        kafka.start(1, true, true, KafkaVersions.newest(), disk, 1, Map.of());
        pass(10);

        assertThat(kafka.topics().getFirst().partitions().getFirst().inSync()).containsExactly(0, 1, 2);
    }

    /** As ReplicationControlManager.validateManualPartitionAssignment does, whoever has held it before. */
    @Test
    void movesNothingOfWhichACopyIsToLieOnACordonedBrokerFrom44On() {
        var move = Map.of("orders", Map.of(0, List.of(0, 1)));
        assertThat(moveWithCordon(move, "4.4.0")).isInstanceOf(Outcome.Retry.class);
        assertThat(kafka.moving()).isEmpty();
        kafka.uncordonByHand();
        pass(1);
        assertThat(kafka.move(move)).containsEntry("orders", new Outcome.Done());
    }

    @Test
    void movesItBefore() {
        assertThat(moveWithCordon(Map.of("orders", Map.of(0, List.of(0, 1))), "4.3.1"))
                .isEqualTo(new Outcome.Done());
    }

    private Outcome moveWithCordon(Map<String, Map<Integer, List<Integer>>> move, String version) {
        for (int id = 0; id < 3; id++) {
            kafka.start(id, true, true, version, founder(id), 0, Map.of());
        }
        pass(5);
        kafka.createTopic("orders", 1, List.of(List.of(0, 2)));
        kafka.cordonByHand(0);
        return kafka.move(move).get("orders");
    }

    /** As PartitionReassignmentReplicas.maybeCompleteReassignment does. */
    @ParameterizedTest
    @CsvSource({"4.2.1, true", "4.3.1, false"})
    void endsAMoveThoughACopyThatStaysIsOutOfSyncFrom43On(String version, boolean waits) {
        for (int id = 0; id < 3; id++) {
            kafka.start(id, true, true, version, founder(id), 0, Map.of());
        }
        pass(5);
        kafka.createTopic("orders", 1, List.of(List.of(0, 2)));
        kafka.stop(2);
        pass(3);

        kafka.move(Map.of("orders", Map.of(0, List.of(1, 2))));
        pass(10);

        assertThat(kafka.moving().isEmpty()).isEqualTo(!waits);
    }

    @Test
    void soundsTheAlarmWhenEmptyLogsFoundAgain() {
        form();
        kafka.stop(0);
        kafka.stop(1);
        kafka.stop(2);
        pass(1);

        kafka.start(0, true, true, KafkaVersions.newest(), founder(0), 0, Map.of());
        kafka.start(1, true, true, KafkaVersions.newest(), founder(1), 0, Map.of());
        pass(3);

        assertThat(alarms).anyMatch(alarm -> alarm.startsWith("metadata lost"));
    }

    @Test
    void soundsTheAlarmWhenALivingVoterIsRemoved() {
        form();
        kafka.removeVoter(1, "d1");
        assertThat(alarms).containsExactly("a voter was removed whose disk is in use: 1");
    }

    @Test
    void replacesAVoterThatHasCaughtUpOnANewDisk() {
        form();
        kafka.stop(1);
        var disk = new Disk();
        disk.clusterId = "c";
        disk.directoryId = "new";
        kafka.start(1, true, true, KafkaVersions.newest(), disk, 0, Map.of());
        pass(20);

        kafka.removeVoter(1, "d1");
        assertThatThrownBy(() -> kafka.addVoter(1, "other", "host", 9093)).isInstanceOf(KafkaUnavailable.class);
        kafka.addVoter(1, "new", "host", 9093);

        assertThat(kafka.quorum().voters())
                .extracting(Quorum.Replica::directoryId)
                .containsExactly("d0", "new", "d2");
        assertThat(alarms).isEmpty();
    }

    @Test
    void answersNobodyWhenOutOfReach() {
        form();
        kafka.reachable(false);
        assertThatThrownBy(kafka::brokers).isInstanceOf(KafkaUnavailable.class);
    }

    @Test
    void soundsTheAlarmWhenCopiesAreLetGoFasterThanAllowed() {
        // Given
        form();
        kafka.fastest(() -> 1_000_000);
        // When
        kafka.alterClusterConfig(Throttle.rate(new Rate(900_000, 900_000, 0)));
        // Then
        assertThat(alarms).isEmpty();
        // When
        kafka.alterClusterConfig(Throttle.rate(new Rate(2_000_000, 2_000_000, 0)));
        // Then
        assertThat(alarms).containsExactly("copies at 1994711 a second");
    }

    private void form() {
        for (int id = 0; id < 3; id++) {
            kafka.start(id, true, true, KafkaVersions.newest(), founder(id), 0, Map.of());
        }
        pass(5);
    }

    private void pass(int ticks) {
        for (int i = 0; i < ticks; i++) {
            kafka.tick();
        }
    }

    private static Disk founder(int id) {
        var disk = new Disk();
        disk.clusterId = "c";
        disk.directoryId = "d" + id;
        disk.founders = FOUNDERS;
        return disk;
    }
}
