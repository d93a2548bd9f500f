package dev.castellan.operator.cluster.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How numbers of threads get to where they are to be. A broker lets each grow to the double of what it works with, and shrink
 * to the half. Of what goes further it refuses the whole, with all else that is set for the cluster, until the cluster's value
 * comes within its reach: one that hears of two steps at once, or starts with a file from before them.
 *
 * <p>So nothing goes on before each broker works with what it was told, and in the end the cluster's values go back for those
 * that refuse, one by one, and lead it to the goal. Whoever is there already comes along, or refuses too and stays.
 */
final class ThreadSteps {
    private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,7}");

    private final SortedMap<String, Integer> goals;
    private final SortedMap<String, String> set;
    private final List<Broker> brokers;

    /**
     * One in service.
     *
     * @param works with so many threads, by property; empty: it does not say
     */
    record Broker(String title, Optional<Map<String, String>> works) {
        private Optional<Integer> threads(String key) {
            return works.map(all -> all.get(key)).filter(ThreadSteps::isCount).map(Integer::valueOf);
        }

        private boolean takes(Map<String, String> told) {
            return told.keySet().stream().allMatch(key -> threads(key)
                    .filter(now -> isCount(told.get(key)))
                    .map(now -> isWithinReach(now, Integer.parseInt(told.get(key))))
                    .orElse(true));
        }

        private Optional<String> lacks(Map<String, String> told) {
            return told.keySet().stream()
                    .flatMap(key -> threads(key).map(String::valueOf).filter(now -> !now.equals(told.get(key))).stream()
                            .map(now -> title + " works with " + key + " " + now + " and not with " + told.get(key)
                                    + " yet"))
                    .findFirst();
        }
    }

    /**
     * @param goals by property
     * @param set for the whole cluster
     */
    ThreadSteps(SortedMap<String, Integer> goals, Map<String, String> set, List<Broker> brokers) {
        this.goals = goals;
        this.set = new TreeMap<>(set);
        this.set.keySet().retainAll(goals.keySet());
        this.brokers = brokers;
    }

    static boolean isCount(String value) {
        return value != null && COUNT.matcher(value).matches();
    }

    private static boolean isWithinReach(int now, int then) {
        return then >= now / 2 && then <= now * 2;
    }

    /** What some broker refuses now: nothing else that is set reaches it. */
    boolean isRefused() {
        return refusing().findAny().isPresent();
    }

    private Stream<Broker> refusing() {
        return brokers.stream().filter(broker -> !broker.takes(set));
    }

    private List<Broker> following() {
        return brokers.stream().filter(broker -> broker.takes(set)).toList();
    }

    boolean isAtGoal() {
        return goals.entrySet().stream()
                .allMatch(goal -> goal.getValue().toString().equals(set.get(goal.getKey())));
    }

    /** Somebody who is told of the next step too would refuse it. */
    Optional<String> waitsFor() {
        return isAtGoal()
                        && brokers.stream().allMatch(broker -> broker.lacks(set).isEmpty())
                ? Optional.empty()
                : brokers.stream()
                        .filter(broker -> broker.works().isEmpty())
                        .findFirst()
                        .map(silent -> silent.title() + " does not say how many threads it works with")
                        .or(() -> following().stream()
                                .flatMap(broker -> broker.lacks(set).stream())
                                .findFirst());
    }

    /** What is to be set now. */
    SortedMap<String, String> next() {
        if (waitsFor().isPresent()) {
            return new TreeMap<>();
        }
        var next = isAtGoal() ? new TreeMap<String, String>() : towardsGoals(following());
        return next.isEmpty()
                ? behind().map(broker -> towardsGoals(List.of(broker))).orElse(next)
                : next;
    }

    /** Whom the cluster's values go back for. */
    private Optional<Broker> behind() {
        return refusing().max(Comparator.comparingDouble(this::distance));
    }

    private double distance(Broker broker) {
        return goals.entrySet().stream()
                .mapToDouble(goal -> broker.threads(goal.getKey())
                        .map(now -> distance(now, goal.getValue()))
                        .orElse(1.0))
                .max()
                .orElse(1.0);
    }

    private static double distance(int now, int goal) {
        return Math.max((double) now / goal, (double) goal / now);
    }

    /** As far as the one takes it that is furthest from there; who is asked nothing sets no limit. */
    private SortedMap<String, String> towardsGoals(List<Broker> those) {
        var next = new TreeMap<String, String>();
        if (those.isEmpty() && !brokers.isEmpty()) {
            return next;
        }
        goals.forEach((key, goal) -> {
            int step = those.stream()
                    .flatMap(broker -> broker.threads(key).stream())
                    .max(Comparator.comparingDouble(now -> distance(now, goal)))
                    .map(now -> Math.clamp(goal, now / 2, now * 2))
                    .orElse(goal);
            if (!String.valueOf(step).equals(set.get(key))) {
                next.put(key, String.valueOf(step));
            }
        });
        return next;
    }

    /** Not every broker takes these: it matters which one is asked. */
    boolean isTrial(Map<String, String> next) {
        var then = new TreeMap<>(set);
        then.putAll(next);
        return brokers.stream().anyMatch(broker -> !broker.takes(then));
    }
}
