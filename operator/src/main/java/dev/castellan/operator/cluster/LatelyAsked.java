package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.observe.AskedInVain;
import dev.castellan.operator.cluster.observe.AskedInVain.Request;
import dev.castellan.operator.cluster.plan.LatelyRules;
import dev.castellan.operator.cluster.plan.Step;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What each cluster's Kafka was asked lately, and has not done. In memory only: whoever forgets it asks once more, which is harmless. */
final class LatelyAsked {
    private final Clock clock;
    private final Map<String, Map<Request, AskedInVain>> inVain = new ConcurrentHashMap<>();

    LatelyAsked(Clock clock) {
        this.clock = clock;
    }

    /** @return false: a failure of such a step is for others to bear */
    boolean remember(String cluster, Step step, String answer) {
        var request = LatelyRules.request(step);
        request.ifPresent(asked -> {
            var ofCluster = inVain.computeIfAbsent(cluster, key -> new ConcurrentHashMap<>());
            ofCluster.values().removeIf(this::isOver);
            ofCluster.put(asked, new AskedInVain(asked, answer, clock.instant().plus(asked.pause())));
        });
        return request.isPresent();
    }

    List<AskedInVain> of(String cluster) {
        return inVain.getOrDefault(cluster, Map.of()).values().stream()
                .filter(asked -> !isOver(asked))
                .toList();
    }

    private boolean isOver(AskedInVain asked) {
        return !asked.again().plus(asked.request().comesLast()).isAfter(clock.instant());
    }

    void forget(String cluster) {
        inVain.remove(cluster);
    }
}
