package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;

/** When and how fast nodes may be restarted. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class Rollout {
    @JsonPropertyDescription("How many brokers may be down together: auto, or a number. auto: as many as leave every"
            + " partition with min.insync.replicas and the others able to carry the load, at most a zone or a third of the"
            + " brokers. A number caps that. Default: auto.")
    @ValidationRule(
            value = "type(self) == int ? self >= 1 && self <= 1000 : self == 'auto'",
            message = "rollout.maxUnavailable is auto or a number from 1 to 1000")
    public IntOrString maxUnavailable;

    @JsonPropertyDescription(
            "true: no node is restarted until it is false again; status.plan tells what would be." + " Default: false.")
    public Boolean paused;

    @JsonPropertyDescription(
            "Least time between one round of restarts and the next, from when all of the one are ready,"
                    + " for example 10m. Default: none.")
    @Pattern("^([0-9]{1,5}[smh]){1,3}$")
    public String minDelay;

    @JsonPropertyDescription(
            "Times at which restarts may begin; a round that has begun is not broken off. Default: at any" + " time.")
    @Size(min = 1, max = 20)
    public List<Window> windows;

    @JsonPropertyDescription("manual: restarts wait until `approve` names the plan. Default: automatic.")
    public Approval approval;

    @JsonPropertyDescription(
            "The plan.hash in status that is approved. What is approved stays so until the spec asks for"
                    + " something else. Only with `approval: manual`.")
    @Size(min = 1, max = 64)
    public String approve;

    @JsonPropertyDescription(
            "What becomes of a node that does not come up with what the spec changes, when it is the first of"
                    + " its pool to try: it crashes again and again, cannot be scheduled, or its image cannot be had. Either way the"
                    + " roll stops there, no other node is restarted, and a corrected spec goes on at once. rollback: the node is put"
                    + " back to what nodes ran well with before. hold: it stays as it is, for you to look at. Default: rollback.")
    public OnFailure onFailure;

    @JsonPropertyDescription(
            "How long such a node may be without a place or an image before it counts as failed: longer than"
                    + " your cluster takes to get a new Kubernetes node, for example 10m. Default: 5m.")
    @Pattern("^([0-9]{1,5}[smh]){1,3}$")
    public String patience;

    /** What becomes of the node with which a roll fails. */
    public enum OnFailure {
        rollback,
        hold
    }

    /** Who says when restarts may begin. */
    public enum Approval {
        automatic,
        manual
    }

    /** Times at which restarts may begin. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public static class Window {
        @JsonPropertyDescription(
                "When it opens, as a cron expression of five fields (minute, hour, day of month, month, day"
                        + " of week), for example `0 2 * * 6`: Saturdays at two.")
        @Required
        @Size(min = 9, max = 100)
        @Pattern("^\\S+ \\S+ \\S+ \\S+ \\S+$")
        public String cron;

        @JsonPropertyDescription("How long it stays open, for example 4h or 90m.")
        @Required
        @Pattern("^([0-9]{1,5}[smh]){1,3}$")
        public String duration;

        @JsonPropertyDescription("Time zone of the cron expression, for example Europe/Berlin. Default: UTC.")
        @Size(min = 1, max = 50)
        public String timeZone;
    }
}
