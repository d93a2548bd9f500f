package dev.castellan.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether storage must be formatted before Kafka starts, and as what. Pure; refuses disks that belong to others. */
record FormatPlan(List<Directory> unformatted, Quorum quorum) {

    /** How a controller's new metadata directory enters the quorum; a broker's never does. */
    enum Quorum {
        /** The cluster forms: all founders write the same first voters, each with the directory id decided for it. */
        FOUNDER,
        /** The cluster has formed: an empty log joins as an observer under a fresh id. As a voter it could outvote the data. */
        OBSERVER,
        NOT_A_CONTROLLER
    }

    static Optional<FormatPlan> of(NodeConfig config, Identity identity, List<Directory> directories) {
        directories.forEach(directory -> check(directory, config, identity));
        var unformatted = directories.stream()
                .filter(directory -> directory.label().isEmpty())
                .toList();
        return unformatted.isEmpty()
                ? Optional.empty()
                : Optional.of(new FormatPlan(unformatted, quorum(config, identity, unformatted)));
    }

    private static void check(Directory directory, NodeConfig config, Identity identity) {
        directory.label().ifPresentOrElse(label -> checkLabel(directory, label, config, identity), () -> {
            if (directory.hasData()) {
                throw new Fatal(
                        directory.path() + " holds Kafka's data but no meta.properties: it will not be formatted. "
                                + "Restore that file, or empty the volume if its data may go");
            }
        });
    }

    private static void checkLabel(Directory directory, Directory.Label label, NodeConfig config, Identity identity) {
        if (!label.clusterId().equals(identity.clusterId())) {
            throw new Fatal(directory.path() + " belongs to Kafka cluster " + label.clusterId()
                    + ", but this node belongs to cluster " + identity.clusterId());
        }
        if (!label.nodeId().equals(Integer.toString(config.nodeId()))) {
            throw new Fatal(
                    directory.path() + " belongs to node " + label.nodeId() + ", but this is node " + config.nodeId());
        }
    }

    private static Quorum quorum(NodeConfig config, Identity identity, List<Directory> unformatted) {
        if (!config.isController()) {
            return Quorum.NOT_A_CONTROLLER;
        }
        boolean metadataIsNew =
                unformatted.stream().anyMatch(directory -> directory.path().equals(config.metadataDirectory()));
        boolean founder =
                metadataIsNew && !identity.formed() && identity.controllers().contains(config.nodeId());
        if (founder && identity.initialControllers().isEmpty()) {
            throw new Fatal("Identity key 'initial.controllers' is missing, and the cluster has not formed yet");
        }
        return founder ? Quorum.FOUNDER : Quorum.OBSERVER;
    }

    /** The arguments of Kafka's own storage tool. */
    List<String> arguments(String configFile, NodeConfig config, Identity identity) {
        var arguments = new ArrayList<>(
                List.of("format", "--cluster-id", identity.clusterId(), "--config", configFile, "--ignore-formatted"));
        switch (quorum) {
            case FOUNDER -> arguments.addAll(List.of("--initial-controllers", identity.initialControllers()));
            case OBSERVER -> arguments.add("--no-initial-controllers");
            case NOT_A_CONTROLLER -> {
                // nothing to say about the quorum
            }
        }
        config.releaseVersion().ifPresent(version -> arguments.addAll(List.of("--release-version", version)));
        return List.copyOf(arguments);
    }
}
