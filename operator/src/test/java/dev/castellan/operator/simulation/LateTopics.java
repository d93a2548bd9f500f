package dev.castellan.operator.simulation;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.HashSet;
import java.util.Set;

/** Brokers that leave are given something while they end, which Kafka does not move away for long. */
final class LateTopics implements Ordeal {
    private final World world;
    private final Set<Integer> gone = new HashSet<>();

    LateTopics(World world) {
        this.world = world;
    }

    @Override
    public void strike(int round) {
        world.kafka().known().stream()
                .filter(id -> hasLeft(id) && world.kafka().holdsAnything(id))
                .filter(gone::add)
                .findFirst()
                .ifPresent(id -> {
                    world.note().accept("! Kafka refuses to move what broker %d was given late".formatted(id));
                    world.kafka().refuseMoves(30);
                });
    }

    private boolean hasLeft(int id) {
        return world.kube().everything(StatefulSet.class).stream().noneMatch(set -> FakeNodes.isOf(set, id));
    }
}
