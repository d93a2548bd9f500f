package dev.castellan.operator.kafka;

import static dev.castellan.operator.kafka.ApacheKafkaAdmin.ACT;
import static dev.castellan.operator.kafka.ApacheKafkaAdmin.OBSERVE;
import static dev.castellan.operator.kafka.ApacheKafkaAdmin.await;
import static dev.castellan.operator.kafka.ApacheKafkaAdmin.millis;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaAdmin.Space;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.ElectLeadersOptions;
import org.apache.kafka.clients.admin.ListPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.UnregisterBrokerOptions;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.PreferredLeaderNotAvailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of the adapter that moves replicas. */
final class ApacheKafkaReplicas {
    private static final Logger LOG = LoggerFactory.getLogger(ApacheKafkaReplicas.class);
    private static final Outcome DONE = new Outcome.Done();

    private final Admin client;

    ApacheKafkaReplicas(Admin client) {
        this.client = client;
    }

    List<Ongoing> ongoing() {
        var options = new ListPartitionReassignmentsOptions().timeoutMs(millis(OBSERVE));
        return await(
                        "list reassignments",
                        OBSERVE,
                        client.listPartitionReassignments(options).reassignments())
                .entrySet()
                .stream()
                .map(entry -> new Ongoing(
                        entry.getKey().topic(),
                        entry.getKey().partition(),
                        List.copyOf(entry.getValue().replicas()),
                        List.copyOf(entry.getValue().addingReplicas()),
                        List.copyOf(entry.getValue().removingReplicas())))
                .toList();
    }

    Map<Integer, Map<String, LogDirectory>> logDirectories(Collection<Integer> brokers) {
        var options = new DescribeLogDirsOptions();
        options.timeoutMs(millis(OBSERVE));
        var told = new HashMap<Integer, Map<String, LogDirectory>>();
        client.describeLogDirs(brokers, options).descriptions().forEach((broker, future) -> {
            try {
                var directories = new HashMap<String, LogDirectory>();
                await("describe log directories", OBSERVE, future)
                        .forEach((path, directory) -> directories.put(path, logDirectory(directory)));
                told.put(broker, directories);
            } catch (KafkaUnavailable | KafkaRejected e) {
                LOG.debug("Broker {} does not tell of its log directories", broker, e);
            }
        });
        return told;
    }

    private static LogDirectory logDirectory(LogDirDescription directory) {
        return new LogDirectory(
                directory.error() != null,
                directory.replicaInfos().entrySet().stream()
                        .filter(replica -> !replica.getValue().isFuture())
                        .collect(Collectors.toUnmodifiableMap(
                                replica -> replica.getKey().toString(),
                                replica -> replica.getValue().size())),
                space(directory),
                directory.isCordoned());
    }

    private static Optional<Space> space(LogDirDescription directory) {
        return directory.totalBytes().isPresent() && directory.usableBytes().isPresent()
                ? Optional.of(new Space(
                        directory.totalBytes().getAsLong(),
                        directory.usableBytes().getAsLong()))
                : Optional.empty();
    }

    void unregister(int nodeId) {
        var options = new UnregisterBrokerOptions();
        options.timeoutMs(millis(ACT));
        try {
            await(
                    "unregister broker " + nodeId,
                    ACT,
                    client.unregisterBroker(nodeId, options).all());
        } catch (KafkaRejected e) {
            if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
                throw e;
            }
        }
    }

    Map<String, Outcome> reassign(Map<String, Map<Integer, List<Integer>>> wanted, boolean factorMayChange) {
        var request = new HashMap<TopicPartition, Optional<NewPartitionReassignment>>();
        wanted.forEach((topic, partitions) -> partitions.forEach((partition, replicas) -> request.put(
                new TopicPartition(topic, partition),
                replicas.isEmpty() ? Optional.empty() : Optional.of(new NewPartitionReassignment(replicas)))));
        var options = new AlterPartitionReassignmentsOptions();
        options.timeoutMs(millis(ACT));
        options.allowReplicationFactorChange(factorMayChange);
        var outcomes = new HashMap<String, Outcome>();
        client.alterPartitionReassignments(request, options)
                .values()
                .forEach((partition, future) ->
                        outcomes.merge(partition.topic(), outcome(future), ApacheKafkaReplicas::worse));
        return outcomes;
    }

    /** As preferred leaders: of others Kafka would take those, too, who may have lost what was acknowledged. */
    Map<String, Outcome> elect(Map<String, List<Integer>> partitions) {
        var request = partitions.entrySet().stream()
                .flatMap(topic -> topic.getValue().stream().map(id -> new TopicPartition(topic.getKey(), id)))
                .collect(Collectors.toSet());
        var options = new ElectLeadersOptions();
        options.timeoutMs(millis(ACT));
        var outcomes = new HashMap<String, Outcome>();
        await(
                        "elect leaders",
                        ACT,
                        client.electLeaders(ElectionType.PREFERRED, request, options)
                                .partitions())
                .forEach((partition, failure) -> outcomes.merge(
                        partition.topic(),
                        failure.map(ApacheKafkaReplicas::electionOutcome).orElse(DONE),
                        ApacheKafkaReplicas::worse));
        return outcomes;
    }

    private static Outcome electionOutcome(Throwable failure) {
        return switch (failure) {
            case ElectionNotNeededException led -> DONE;
            case PreferredLeaderNotAvailableException away -> new Outcome.Retry(away.getMessage());
            default -> KafkaFailures.outcomeOf(failure);
        };
    }

    /** What is to be taken back may have come to its end. */
    private static Outcome outcome(KafkaFuture<Void> future) {
        try {
            await("reassign", ACT, future);
            return DONE;
        } catch (KafkaUnavailable | KafkaRejected e) {
            return switch (e.getCause()) {
                case NoReassignmentInProgressException ended -> DONE;
                case InvalidReplicaAssignmentException gone -> new Outcome.Retry(gone.getMessage()); // a broker went
                case null, default -> KafkaFailures.outcomeOf(e.getCause());
            };
        }
    }

    private static Outcome worse(Outcome one, Outcome other) {
        return one instanceof Outcome.Rejected || other instanceof Outcome.Done ? one : other;
    }
}
