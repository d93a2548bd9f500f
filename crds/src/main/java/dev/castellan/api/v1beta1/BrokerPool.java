package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A named group of brokers; what it leaves unset it takes from the default pool. */
@ValidationRule(
        value = "has(self.storage) == has(oldSelf.storage)",
        message = "a pool's storage cannot be set or unset after creation, since its disks exist; change the sizes"
                + " where they were declared")
public class BrokerPool extends NodeTemplate {
    @JsonPropertyDescription(
            "Name of the pool, part of its pods' names (<cluster>-<pool>-<zone>-<node id>), for example"
                    + " `fast`. Lower-case letters and digits, at most 12. `brokers` and `controllers` are taken. With"
                    + " another name it is another pool.")
    @Required
    @Size(min = 1, max = 12)
    // No hyphen: pool a-b would share the name <cluster>-a-b with zone b of pool a.
    @Pattern("^[a-z][a-z0-9]*$")
    @ValidationRule(
            value = "!(self in ['brokers', 'controllers'])",
            messageExpression =
                    "'the pool name ' + self + ' is taken by objects of the cluster itself: choose another'",
            message = "the pool names brokers and controllers are taken")
    public String name;

    @JsonPropertyDescription("Number of brokers in this pool. It may be raised and lowered at any time.")
    @Required
    @Min(1)
    @Max(1000)
    public Integer replicas;
}
