package dev.castellan.broker.agent;

import dev.castellan.broker.disk.DiskState;
import dev.castellan.broker.disk.Disks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The node's state as JSON for the operator and for people. Written by hand, since no library is worth its start-up here. Pure. */
final class StateReport {
    private StateReport() {}

    static String json(NodeFacts facts, Readiness readiness, Map<Path, Instant> hanging) {
        var node = facts.node();
        var raft = facts.raft();
        return """
                {
                  "nodeId": %d,
                  "roles": %s,
                  "version": %s,
                  "clusterId": %s,
                  "directoryIds": %s,
                  "ready": %s,
                  "reason": %s,
                  "brokerState": %s,
                  "fenced": %s,
                  "raft": {"role": %s, "leaderId": %d, "epoch": %d, "voter": %s, "highWatermark": %s},
                  "metadataLag": %s,
                  "recovery": {"remainingLogs": %d, "remainingSegments": %d},
                  "hangingDisks": %s
                }
                """.formatted(
                        node.id(),
                        array(node.roles()),
                        string(node.version()),
                        string(node.clusterId()),
                        object(node.directoryIds()),
                        readiness.ready(),
                        string(readiness.reason()),
                        node.isBroker() ? string(facts.broker().state()) : "null",
                        node.isBroker() ? Boolean.toString(!facts.broker().unfenced()) : "null",
                        raft.role().map(StateReport::string).orElse("null"),
                        raft.leaderId(),
                        raft.epoch(),
                        raft.isVoter(),
                        number(raft.highWatermark()),
                        number(facts.metadataLag()),
                        facts.recovery().remainingLogs(),
                        facts.recovery().remainingSegments(),
                        object(byName(hanging)));
    }

    /**
     * Disks that have failed, by directory, with the reason; those that hang, with the time since when; those that are full, with their
     * size; and those that were, with the room that there is.
     */
    static String disks(Map<Path, DiskState> found, Map<Path, Instant> hanging) {
        return "{\"failed\": %s, \"hanging\": %s, \"full\": %s, \"roomAgain\": %s}\n"
                .formatted(
                        object(byName(Disks.failed(found))),
                        object(byName(hanging)),
                        object(byName(Disks.full(found))),
                        object(byName(Disks.withRoomAgain(found))));
    }

    private static Map<String, String> byName(Map<Path, ?> disks) {
        var byName = new TreeMap<String, String>();
        disks.forEach((directory, what) -> byName.put(directory.toString(), what.toString()));
        return byName;
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "null";
    }

    private static String array(Collection<String> items) {
        return items.stream().map(StateReport::string).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String object(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> string(entry.getKey()) + ": " + string(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    static String string(String text) {
        var json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> json.append('\\').append((char) c);
                case '\n' -> json.append("\\n");
                default -> json.append(c < ' ' ? "\\u%04x".formatted(c) : Character.toString(c));
            }
        });
        return json.append('"').toString();
    }
}
