package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Edit;
import dev.castellan.e2e.harness.Example;
import dev.castellan.e2e.harness.Operator;
import dev.castellan.e2e.harness.Scene;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How quickly the operator is at work, and how quickly it sees that there is nothing to do. */
@E2E
@Tag("bench")
@Order(2)
class OperatorBench {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorBench.class);
    private static final int STARTS = Integer.getInteger("bench.operator.starts", 7);
    private static final int FIRST_RECONCILES = 200;
    private static final int RECONCILES = Integer.getInteger("bench.operator.reconciles", 1_000);
    private static final Figures FIGURES = new Figures(OperatorBench.class);

    private static Example example;

    @BeforeAll
    static void apply(Scene scene) {
        example = Example.apply(scene, "01-quick-start");
        example.kafka().awaitSettled();
    }

    @Test
    @Order(1)
    void start(Scene scene) throws Exception {
        var operator = scene.operator();
        var starts = new ArrayList<Double>();
        for (int run = 0; run < STARTS; run++) {
            operator.scaleTo(0);
            operator.scaleTo(1);
            starts.add(firstReconcile(operator));
        }
        operator.scaleTo(2);
        FIGURES.tell(Figure.median(
                "operator: start of the process → first reconcile", "s", Bar.atMost(1), Samples.of(starts)));
    }

    /** The first ones of a process that has just started, whose code the JVM still interprets, and those after them. */
    @Test
    @Order(2)
    void reconcileThatChangesNothing(Scene scene) throws Exception {
        measured(scene, "a reconcile that changes nothing, of the first of a process", FIRST_RECONCILES, Bar.NONE);
        measured(scene, "a reconcile that changes nothing", RECONCILES, Bar.atMost(50));
    }

    /** Each is caused by a change of an annotation that means nothing: the operator looks, and finds all well. */
    private static void measured(Scene scene, String what, int turns, Bar bar) throws Exception {
        var operator = scene.operator();
        var leader = operator.leader();
        var before = OperatorPage.of(operator, leader);
        for (int turn = 0; turn < turns; turn++) {
            annotate();
            Thread.sleep(50); // All that happens during one reconcile makes but one more.
        }
        var after = OperatorPage.of(operator, leader);
        var took = after.unchangedClusters().since(before.unchangedClusters());
        var seconds = after.unchangedClustersSeconds() - before.unchangedClustersSeconds();
        LOG.info("  {}: how many took so many seconds at most: {}", what, took.counts());
        tell(what + ": how many were measured", "", took.count());
        tell(what + ": mean", "ms", 1_000 * seconds / took.count());
        tell(what + ": p50", "ms", 1_000 * took.quantile(0.5));
        FIGURES.tell(Figure.single(what + ": p99", "ms", bar, 1_000 * took.quantile(0.99)));
        tell(
                what + ": others meanwhile, that changed something",
                "",
                after.changedOrFailed() - before.changedOrFailed());
    }

    private static void tell(String what, String unit, double value) {
        FIGURES.tell(Figure.single(what, unit, Bar.NONE, value));
    }

    private static double firstReconcile(Operator operator) throws InterruptedException {
        var leader = operator.leader();
        while (true) {
            var first = OperatorPage.of(operator, leader).first();
            if (first.isPresent()) {
                return first.getAsDouble();
            }
            Thread.sleep(100); // Nothing but a metric tells it.
        }
    }

    private static void annotate() {
        Edit.of(
                example.kafka().handle(),
                cluster -> cluster.setMetadata(cluster.getMetadata()
                        .edit()
                        .addToAnnotations(
                                "bench.example.com/turn", UUID.randomUUID().toString())
                        .build()));
    }
}
