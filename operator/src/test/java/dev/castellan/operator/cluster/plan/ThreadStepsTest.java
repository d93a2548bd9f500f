package dev.castellan.operator.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.plan.ThreadSteps.Broker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThreadStepsTest {
    private static final String IO = "num.io.threads";
    private static final String NETWORK = "num.network.threads";
    private static final int WORLDS = 3_000;
    private static final int ENOUGH = 400;

    @Test
    void nobodyIsToldOfAStepBeforeAllWorkWithTheLast() {
        var steps = steps(Map.of(IO, 40), Map.of(IO, "16"), Map.of(IO, "16"), Map.of(IO, "8"));

        assertThat(steps.next()).isEmpty();
        assertThat(steps.waitsFor()).contains("broker 1 works with num.io.threads 8 and not with 16 yet");
    }

    @Test
    void whoDoesNotSayIsWaitedFor() {
        var brokers = List.of(broker(0, Map.of(IO, "16")), new Broker("broker 1", Optional.empty()));
        var steps = new ThreadSteps(new TreeMap<>(Map.of(IO, 40)), Map.of(IO, "16"), brokers);

        assertThat(steps.next()).isEmpty();
        assertThat(steps.waitsFor()).contains("broker 1 does not say how many threads it works with");
    }

    @Test
    void nothingIsWaitedForAtTheGoal() {
        var brokers = List.of(broker(0, Map.of(IO, "16")), new Broker("broker 1", Optional.empty()));
        var steps = new ThreadSteps(new TreeMap<>(Map.of(IO, 16)), Map.of(IO, "16"), brokers);

        assertThat(steps.next()).isEmpty();
        assertThat(steps.waitsFor()).isEmpty();
    }

    @Test
    void theOthersGoOnWithoutOneThatRefuses() {
        var steps = steps(Map.of(IO, 40), Map.of(IO, "32"), Map.of(IO, "32"), Map.of(IO, "8"));

        assertThat(steps.next()).isEqualTo(Map.of(IO, "40"));
        assertThat(steps.isTrial(steps.next())).isTrue();
    }

    @Test
    void atTheGoalTheyGoBackForIt() {
        var steps = steps(Map.of(IO, 3), Map.of(IO, "3"), Map.of(IO, "3"), Map.of(IO, "8"), Map.of(IO, "3"));

        assertThat(steps.isRefused()).isTrue();
        assertThat(steps.next()).isEqualTo(Map.of(IO, "4"));
        assertThat(steps.isTrial(steps.next())).isFalse();
    }

    @Test
    void whatIsSetForOneAloneSetsNoLimit() {
        var steps = steps(Map.of(IO, 16), Map.of(), Map.of(IO, "8"), Map.of());

        assertThat(steps.next()).isEqualTo(Map.of(IO, "16"));
        assertThat(steps.isTrial(steps.next())).isFalse();
    }

    /** Whatever each works with, and however late it hears: all come to the goal, and there is always one who takes the next step. */
    @Test
    void everyBrokerGetsThere() {
        for (int seed = 0; seed < WORLDS; seed++) {
            var world = new World(new Random(seed));
            for (int i = 0; !world.isAtGoal(); i++) {
                assertThat(i).as("rounds of world %d: %s", seed, world).isLessThan(ENOUGH);
                world.step();
            }
        }
    }

    /** Brokers as Kafka has them: they hear of what stands now, and take all of it or nothing. */
    private static final class World {
        private final Random random;
        private final SortedMap<String, Integer> goals = new TreeMap<>();
        private final SortedMap<String, String> set = new TreeMap<>();
        private final List<SortedMap<String, String>> brokers = new ArrayList<>();
        private final List<Integer> late = new ArrayList<>();

        World(Random random) {
            this.random = random;
            for (var key : random.nextBoolean() ? List.of(IO) : List.of(IO, NETWORK)) {
                goals.put(key, any());
                if (random.nextInt(3) > 0) {
                    set.put(key, String.valueOf(random.nextBoolean() ? goals.get(key) : any()));
                }
            }
            int many = 1 + random.nextInt(5);
            for (int i = 0; i < many; i++) {
                var works = new TreeMap<String, String>();
                goals.keySet()
                        .forEach(key -> works.put(
                                key, random.nextBoolean() ? set.getOrDefault(key, "8") : String.valueOf(any())));
                brokers.add(works);
                late.add(random.nextInt(4));
            }
        }

        private int any() {
            return 1 + random.nextInt(random.nextBoolean() ? 10 : 100);
        }

        boolean isAtGoal() {
            return brokers.stream()
                    .allMatch(works -> goals.entrySet().stream().allMatch(goal -> works.get(goal.getKey())
                            .equals(goal.getValue().toString())));
        }

        void step() {
            var all = IntStream.range(0, brokers.size())
                    .mapToObj(id -> broker(id, Map.copyOf(brokers.get(id))))
                    .toList();
            var steps = new ThreadSteps(goals, set, all);
            var next = steps.next();
            if (!next.isEmpty()) {
                var then = new TreeMap<>(set);
                then.putAll(next);
                long takers =
                        brokers.stream().filter(works -> takes(works, then)).count();
                assertThat(takers).as("takers of %s: %s", next, this).isPositive();
                assertThat(steps.isTrial(next)).isEqualTo(takers < brokers.size());
                set.putAll(next);
                late.replaceAll(times -> random.nextInt(3));
            } else {
                assertThat(steps.waitsFor()).as("reason to wait: %s", this).isPresent();
            }
            for (int id = 0; id < brokers.size(); id++) {
                if (late.get(id) > 0) {
                    late.set(id, late.get(id) - 1);
                } else if (takes(brokers.get(id), set)) {
                    brokers.get(id).putAll(set);
                }
            }
        }

        private static boolean takes(Map<String, String> works, Map<String, String> told) {
            return told.entrySet().stream().allMatch(one -> {
                int now = Integer.parseInt(works.get(one.getKey()));
                int then = Integer.parseInt(one.getValue());
                return then <= 2 * now && then >= now / 2;
            });
        }

        @Override
        public String toString() {
            return "to " + goals + ", set " + set + ", working with " + brokers;
        }
    }

    @SafeVarargs
    private static ThreadSteps steps(
            Map<String, Integer> goals, Map<String, String> set, Map<String, String>... works) {
        return new ThreadSteps(
                new TreeMap<>(goals),
                set,
                IntStream.range(0, works.length)
                        .mapToObj(id -> broker(id, works[id]))
                        .collect(Collectors.toList()));
    }

    private static Broker broker(int id, Map<String, String> works) {
        return new Broker("broker " + id, Optional.of(works));
    }
}
