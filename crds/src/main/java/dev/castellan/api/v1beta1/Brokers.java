package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;

/** The brokers: one unnamed pool, and further named ones that override what they declare. */
@ValidationRule(
        value = "self.replicas >= size(" + Rules.ZONES + ")",
        messageExpression =
                "'spec.brokers.replicas is %d but there are %d zones: no broker would be in zone %s; set replicas"
                        + " to at least %d, or name fewer zones'"
                        + ".format([self.replicas, size(self.zones), self.zones[self.replicas], size(self.zones)])",
        message = "spec.brokers.replicas is lower than the number of zones: name fewer zones or set more replicas")
@ValidationRule(
        value = "!has(self.pools) || self.pools.all(p, p.replicas >= size(has(p.zones) ? p.zones : " + Rules.ZONES
                + "))",
        message = "spec.brokers.pools: a pool has fewer replicas than zones, so that a zone would be left without a"
                + " broker of it: set more replicas, or name fewer zones in the pool")
public class Brokers extends NodeTemplate {
    @JsonPropertyDescription("Number of brokers, without those of the pools. Three or more keep every topic available"
            + " while one broker is down. It may be raised and lowered at any time: new brokers get their share of the"
            + " replicas, and who leaves is drained first.")
    @Required
    @Min(1)
    @Max(1000)
    @SpecReplicas
    public Integer replicas;

    @JsonPropertyDescription("Further groups of brokers, each with a name and what differs: what a pool leaves unset it"
            + " takes from spec.brokers. Use it for brokers on other machines or with other disks. Pools can be added"
            + " and removed at any time: data moves out of a pool before its brokers go. Default: none.")
    @Size(max = 10)
    public List<BrokerPool> pools;
}
