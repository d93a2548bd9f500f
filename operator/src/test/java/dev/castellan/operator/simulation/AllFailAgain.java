package dev.castellan.operator.simulation;

import io.fabric8.kubernetes.api.model.Pod;

/**
 * Processes whose disks last no longer than their pods all end at once, and do so again and again for a while, as for want of
 * something that they all need; and the user changes the spec.
 */
final class AllFailAgain implements Ordeal {
    private static final int FROM = 20;

    private final World world;
    private boolean done;

    AllFailAgain(World world) {
        this.world = world;
    }

    @Override
    public void strike(int round) {
        if (round < FROM || done || !isAllWell()) {
            return;
        }
        done = true;
        world.scenario().edit();
        world.note().accept("! spec is now " + world.scenario() + ", and nothing runs any more");
        world.nodes().failAll(60);
    }

    private boolean isAllWell() {
        return world.watchman().isMarkedFormed()
                && world.kube().everything(Pod.class).stream()
                        .allMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null
                                && world.kafka().isCaughtUp(FakeNodes.id(pod)));
    }
}
