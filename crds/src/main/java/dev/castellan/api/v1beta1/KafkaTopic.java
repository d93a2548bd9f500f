package dev.castellan.api.v1beta1;

import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A topic of a Kafka cluster. */
@Group("castellan.dev")
@Version("v1beta1")
@ShortNames("kt")
@Categories("kafka")
@ValidationRule(
        value = "has(self.spec.topicName) || size(self.metadata.name) <= 249",
        messageExpression = "'metadata.name has %d characters, but a topic may have 249: use a shorter name, or set"
                + " spec.topicName'.format([size(self.metadata.name)])",
        message =
                "metadata.name has more than the 249 characters of a topic: use a shorter name, or set spec.topicName")
@ValidationRule(
        value = Rules.TOPIC + " == " + Rules.OLD_TOPIC,
        message =
                "spec.topicName cannot be changed after creation: Kafka cannot rename topics; make another KafkaTopic")
public class KafkaTopic extends CustomResource<KafkaTopicSpec, KafkaTopicStatus> implements Namespaced {}
