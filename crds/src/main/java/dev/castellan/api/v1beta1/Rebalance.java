package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/** How replicas are copied from broker to broker. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.maxThrottle) || !quantity(self.maxThrottle)"
                + ".isLessThan(quantity(has(self.throttle) ? self.throttle : '50Mi'))",
        messageExpression =
                "'spec.rebalance.maxThrottle is %s, less than throttle, which is %s: raise maxThrottle, or lower"
                        + " throttle'.format([self.maxThrottle, has(self.throttle) ? self.throttle : '50Mi'])",
        message = "spec.rebalance.maxThrottle is less than throttle: raise maxThrottle, or lower throttle")
public class Rebalance {
    @JsonPropertyDescription(
            "After brokers have come or gone, all get even shares of the replicas that there are, by number, and of their"
                    + " bytes, as far as sizes allow: the fewest are moved that do it. With false new ones get replicas of new topics and partitions only, and"
                    + " who goes is drained all the same; true again makes up for it. Default: true.")
    public Boolean onScale;

    @JsonPropertyDescription(
            "Whenever this becomes another word, all brokers get even shares of the replicas that there are, once, by"
                    + " number and by bytes (none with a tenth more or less than the average, as far as sizes allow), and the"
                    + " fewest are moved that do it; for example the day, 2026-11-27. It does not depend on onScale. Taking it"
                    + " away changes nothing. Default: none.")
    @Size(min = 1, max = 100)
    public String request;

    @JsonPropertyDescription(
            "Percent, from 20: whenever the fullest broker holds so much more bytes than brokers do on average, all get even"
                    + " shares, as with request, if there is a way to bring them nearer to the average. Sizes are looked at with"
                    + " all topics, about twice a minute. Default: none, nothing is moved for that.")
    @Min(20)
    @Max(1000)
    public Integer whenSkewAbove;

    @JsonPropertyDescription("Bytes a second that each broker may send, and receive, while replicas are copied because"
            + " of a change of yours, for example 200Mi; what clients do is not slowed down. A new replica"
            + " only catches up if this is well above what is produced to the broker meanwhile; see maxThrottle. Default: 50Mi. A change reaches copies that"
            + " are under way within two minutes.")
    @ValidationRule(
            value = "quantity(self).compareTo(quantity('64Ki')) >= 0",
            message = "spec.rebalance.throttle is below 64Ki a second: at that rate replicas never catch up")
    public Quantity throttle;

    @JsonPropertyDescription(
            "Bytes a second that throttle may become: as often as what is left to be copied to new brokers,"
                    + " or away from those that go, has not become less for a minute, because as much is produced meanwhile, the rate is"
                    + " doubled, and never above this, nor above 256 times throttle; when the copies have ended it is forgotten. Brokers need as much network and disk to"
                    + " spare beside their clients. The same as throttle: it is never raised. Default: four times throttle.")
    public Quantity maxThrottle;
}
