package dev.castellan.broker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.broker.agent.NodeFacts.Broker;
import dev.castellan.broker.agent.NodeFacts.Node;
import dev.castellan.broker.agent.NodeFacts.Phase;
import dev.castellan.broker.agent.NodeFacts.Raft;
import dev.castellan.broker.agent.NodeFacts.Recovery;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadinessTest {
    private static final Broker SERVING = broker("RUNNING", true, 99, 100);
    private static final Raft OBSERVER = raft("observer", 1000);

    private static Broker broker(String state, boolean unfenced, long applied, long ageMs) {
        return new Broker(state, unfenced, OptionalLong.of(applied), OptionalLong.of(ageMs));
    }

    private static Raft raft(String role, int leader) {
        return new Raft(Optional.ofNullable(role), leader, 5, OptionalLong.of(100), OptionalLong.of(3));
    }

    private static NodeFacts facts(Set<String> roles, Phase phase, Broker broker, Raft raft) {
        return new NodeFacts(new Node(0, roles, "4.4.0", "id", Map.of()), phase, broker, raft, new Recovery(0, 0));
    }

    private static Readiness ofBroker(Broker broker, Raft raft) {
        return Readiness.of(facts(Set.of("broker"), Phase.STARTED, broker, raft));
    }

    private static Readiness ofController(Raft raft) {
        return Readiness.of(facts(Set.of("controller"), Phase.STARTED, broker("NOT_RUNNING", false, 0, 0), raft));
    }

    @Test
    void aBrokerIsReadyOnceUnfencedAndCaughtUp() {
        assertThat(ofBroker(SERVING, OBSERVER).ready()).isTrue();
    }

    /** Kafka's start returns a moment after the broker serves, so that readiness does not wait for it. */
    @Test
    void aBrokerIsReadyBeforeKafkasStartReturns() {
        assertThat(Readiness.of(facts(Set.of("broker"), Phase.STARTING, SERVING, OBSERVER))
                        .ready())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOT_RUNNING", "STARTING", "RECOVERY", "PENDING_CONTROLLED_SHUTDOWN", "SHUTTING_DOWN"})
    void aBrokerInAnyOtherStateIsNotReady(String state) {
        // When
        var readiness = ofBroker(broker(state, true, 99, 0), OBSERVER);

        // Then
        assertThat(readiness.ready()).isFalse();
        assertThat(readiness.reason()).contains(state);
    }

    /** After a restart the metadata may still list the former incarnation as serving. */
    @Test
    void theFormerIncarnationsRegistrationDoesNotCount() {
        assertThat(ofBroker(broker("STARTING", true, 99, 0), OBSERVER).ready()).isFalse();
    }

    @Test
    void aFencedBrokerIsNotReady() {
        assertThat(ofBroker(broker("RUNNING", false, 99, 0), OBSERVER).reason()).contains("fenced");
    }

    @ParameterizedTest
    @CsvSource({"99, 100, true", "50, 4000, true", "50, 6000, false", "99, 600000, true"})
    void aBrokerIsBehindOnlyIfCommittedRecordsHaveWaitedLong(long applied, long ageMs, boolean ready) {
        assertThat(ofBroker(broker("RUNNING", true, applied, ageMs), OBSERVER).ready())
                .isEqualTo(ready);
    }

    /** It serves what it leads; to take its address away would make an outage of a sick quorum. */
    @Test
    void aBrokerStaysReadyWhenTheQuorumIsLost() {
        assertThat(ofBroker(broker("RUNNING", true, 99, 600_000), raft("unattached", -1))
                        .ready())
                .isTrue();
        assertThat(Readiness.of(facts(Set.of("broker", "controller"), Phase.STARTED, SERVING, raft("candidate", -1)))
                        .ready())
                .isTrue();
    }

    @Test
    void tellsWhatAStartingBrokerWaitsFor() {
        // Given
        var starting = broker("STARTING", false, 0, 0);
        var recovering = new NodeFacts(
                new Node(0, Set.of("broker"), "", "", Map.of()),
                Phase.STARTING,
                starting,
                raft("observer", 1),
                new Recovery(12, 80));

        // Then
        assertThat(ofBroker(starting, raft("unattached", -1)).reason()).contains("no quorum leader known");
        assertThat(Readiness.of(recovering).reason()).contains("12 logs to recover");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leader", "follower"})
    void aControllerIsReadyAsALiveMemberThatKnowsItsLeader(String role) {
        assertThat(ofController(raft(role, 1000)).ready()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"candidate", "prospective", "voted", "unattached", "resigned", "observer"})
    void aControllerOutsideTheQuorumIsNotReady(String role) {
        // When
        var readiness = ofController(raft(role, -1));

        // Then
        assertThat(readiness.ready()).isFalse();
        assertThat(readiness.reason()).contains(role);
    }

    @Test
    void aControllerThatKnowsNoLeaderIsNotReady() {
        assertThat(ofController(raft("follower", -1)).ready()).isFalse();
        assertThat(ofController(raft(null, -1)).ready()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"STOPPING", "ENDED"})
    void aNodeThatStopsIsNotReady(Phase phase) {
        assertThat(Readiness.of(facts(Set.of("broker"), phase, SERVING, OBSERVER))
                        .reason())
                .isEqualTo("shutting down");
    }
}
