package dev.castellan.operator.simulation;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Brokers that leave get a replica just while they end, and Kafka does not move it away for a while. */
final class LateTopics implements Ordeal {
    private final World world;
    private final Set<Integer> late = new HashSet<>();

    LateTopics(World world) {
        this.world = world;
    }

    @Override
    public void strike(int round) {
        // Before the user wants what there is to be in the end, there may be nowhere to move it to.
    }

    @Override
    public void inPeace() {
        var usable = world.kafka().usable();
        var staying = usable.stream().filter(id -> !hasLeft(id)).toList();
        usable.stream()
                .filter(id -> hasLeft(id) && staying.size() > 1 && late.add(id))
                .findFirst()
                .ifPresent(id -> createTopic(staying.getFirst(), id));
    }

    private void createTopic(int staying, int leaving) {
        var name = "topic-at-the-end-of-" + leaving;
        world.note().accept("! %s on [%d, %d], which Kafka does not move".formatted(name, staying, leaving));
        world.kafka().createTopic(name, 1, List.of(List.of(staying, leaving)));
        world.kafka().refuseMoves(30);
    }

    private boolean hasLeft(int id) {
        return world.kube().everything(StatefulSet.class).stream().noneMatch(set -> FakeNodes.isOf(set, id));
    }
}
