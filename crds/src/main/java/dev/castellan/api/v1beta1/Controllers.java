package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;

/** Dedicated controllers; zones default to the brokers' zones. */
@ValidationRule(
        value = Rules.CONTROLLERS + " >= size(" + Rules.ZONES + ")",
        messageExpression =
                "'spec.controllers.replicas is %d but there are %d zones: no controller would be in zone %s; name at"
                        + " most %d zones in spec.controllers.zones'.format([" + Rules.CONTROLLERS
                        + ", size(self.zones), self.zones["
                        + Rules.CONTROLLERS + "], " + Rules.CONTROLLERS + "])",
        message = "spec.controllers.replicas is lower than the number of zones: name fewer zones")
@ValidationRule(
        value = "!has(self.storage) || !has(self.storage.autoGrow)",
        message =
                "spec.controllers.storage.autoGrow: only volumes of brokers grow by themselves; remove it, and raise size"
                        + " where controllers need more")
public class Controllers extends NodeTemplate {
    @JsonPropertyDescription(
            "Number of controllers: 1, 3 or 5. With 3 the quorum stands while one is down, with 5 while"
                    + " two are. Default: 3. It may be changed at any time: one controller at a time joins the quorum when it has"
                    + " caught up, or gives up its vote before it goes.")
    @ValidationRule(
            value = "self in [1, 3, 5]",
            messageExpression =
                    "'spec.controllers.replicas %d is none of 1, 3 and 5: a quorum needs a majority, so that an"
                            + " even number adds cost but no safety; use 3'.format([self])",
            message = "spec.controllers.replicas must be 1, 3 or 5")
    public Integer replicas;
}
