package dev.castellan.operator.simulation;

import dev.castellan.operator.cluster.plan.Step.Stall;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the user does without, in the words of the condition Stalled; as in Git, nobody ever takes it back. */
final class GivenUp {
    private static final Pattern TOLD = Pattern.compile("by adding (.+) to spec\\.healing\\.acceptDataLossOn");

    private final Set<String> uids = new TreeSet<>();

    void add(Stall stalled) {
        var told = TOLD.matcher(stalled.reason()).results().findFirst().orElseThrow();
        uids.addAll(List.of(told.group(1).split(", ")));
    }

    boolean holdsFor(Collection<String> lost) {
        return uids.containsAll(lost);
    }

    List<String> uids() {
        return List.copyOf(uids);
    }
}
