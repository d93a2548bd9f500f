package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.Rollout.Approval;
import dev.castellan.api.v1beta1.Rollout.OnFailure;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a user declared of restarts, with defaults applied, and what is wrong in it. */
record RolloutResolution(Rollout rollout, List<Problem> problems) {
    private static final String AUTO = "auto";

    static RolloutResolution of(Optional<dev.castellan.api.v1beta1.Rollout> declared) {
        if (declared.isEmpty()) {
            return new RolloutResolution(Rollout.AT_ONCE, List.of());
        }
        var rollout = declared.get();
        var problems = new ArrayList<Problem>();
        var resolved = new Rollout(
                most(rollout.maxUnavailable, problems),
                Boolean.TRUE.equals(rollout.paused),
                duration("minDelay", Optional.ofNullable(rollout.minDelay).orElse("0s"), problems),
                windows(rollout, problems),
                rollout.approval == Approval.manual,
                Optional.ofNullable(rollout.approve),
                rollout.onFailure == OnFailure.hold,
                Optional.ofNullable(rollout.patience)
                        .map(patience -> duration("patience", patience, problems))
                        .orElse(Rollout.AT_ONCE.patience()));
        return new RolloutResolution(resolved, List.copyOf(problems));
    }

    private static OptionalInt most(IntOrString declared, List<Problem> problems) {
        if (declared == null || AUTO.equals(declared.getStrVal())) {
            return OptionalInt.empty();
        }
        if (declared.getIntVal() == null || declared.getIntVal() < 1) {
            problems.add(
                    problem("maxUnavailable", String.valueOf(declared.getValue()), "write auto or a number from 1"));
            return OptionalInt.empty();
        }
        return OptionalInt.of(declared.getIntVal());
    }

    private static List<Window> windows(dev.castellan.api.v1beta1.Rollout rollout, List<Problem> problems) {
        var windows = new ArrayList<Window>();
        for (var window : Optional.ofNullable(rollout.windows).orElse(List.of())) {
            var duration = duration("windows[].duration", window.duration, problems);
            var zone = Optional.ofNullable(window.timeZone).orElse("UTC");
            try {
                windows.add(Window.of(window.cron, duration, zone));
            } catch (IllegalArgumentException e) {
                problems.add(problem("windows[].cron", window.cron + " (" + zone + ")", e.getMessage()));
            }
        }
        return List.copyOf(windows);
    }

    private static Duration duration(String field, String text, List<Problem> problems) {
        return Durations.parse("spec.rollout." + field, text, problems);
    }

    private static Problem problem(String field, String value, String cure) {
        return new Problem("spec.rollout." + field, value, cure);
    }
}
