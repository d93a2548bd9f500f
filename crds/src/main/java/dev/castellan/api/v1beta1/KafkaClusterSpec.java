package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** What a user declares of a cluster. Everything but the brokers has a safe default. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.controllers) || has(self.controllers.zones) || !has(self.brokers.zones) || "
                + "(has(self.controllers.replicas) ? self.controllers.replicas : 3) >= size(self.brokers.zones)",
        messageExpression =
                "'spec.controllers has fewer replicas than spec.brokers has zones (%d), of which controllers take"
                        + " theirs: name the zones that shall have a controller in spec.controllers.zones'"
                        + ".format([size(self.brokers.zones)])",
        message = "spec.controllers.replicas is lower than the number of zones: name the zones that shall have a"
                + " controller in spec.controllers.zones")
@ValidationRule(
        value = "!has(self.controllers) || !has(oldSelf.controllers) || " + Rules.CONTROLLER_ZONES + " == "
                + Rules.OLD_CONTROLLER_ZONES,
        message =
                "zones of controllers cannot be changed after creation; where spec.controllers.zones is unset, they are"
                        + " those of spec.brokers.zones: to change these, name the controllers' zones as they are now in"
                        + " spec.controllers.zones")
@ValidationRule(
        value = "!has(self.hibernate) || !self.hibernate || !(" + Rules.EPHEMERAL_BROKERS + " || "
                + Rules.EPHEMERAL_CONTROLLERS + ")",
        message = "spec.hibernate: true would lose all messages, since ephemeral storage goes with its pods: take"
                + " spec.hibernate out")
public class KafkaClusterSpec {
    @JsonPropertyDescription("Kafka version of all brokers and controllers, for example 4.4.0. One of {known}."
            + " Default: the newest of them; a newer one that comes with a newer operator is taken with the next"
            + " change of the spec, never by itself. A raised version may be lowered again until status.metadataVersion"
            + " is one that the lower version cannot read.")
    @Size(max = 16)
    public String version;

    @JsonPropertyDescription(
            "Feature level of the metadata (Kafka's metadata.version) that an upgrade ends with: one of"
                    + " {known}. Set it to finalise an upgrade at once, or to the level of before to hold it. It is never lowered."
                    + " Default: the newest of spec.version, when upgrade.soak has passed.")
    @Size(max = 16)
    public String metadataVersion;

    @JsonPropertyDescription("How an upgrade to a newer version is brought to its end.")
    public Upgrade upgrade;

    @JsonPropertyDescription("Container image of all brokers and controllers, for example"
            + " registry.example.com/castellan/kafka:0.1.0-4.4.0. Default: the image that the operator's"
            + " installation names for the version. Set it for an image of your own; it must hold Kafka of the"
            + " version in spec.version.")
    @Size(min = 1, max = 500)
    public String image;

    @JsonPropertyDescription("The brokers: how many, where, with which disks and resources.")
    @Required
    public Brokers brokers;

    @JsonPropertyDescription("Dedicated controllers: pods that run the KRaft quorum and nothing else. Default: none;"
            + " then up to three of the brokers, spread over the zones, are controllers as well, which suits most"
            + " clusters of up to about ten brokers. `controllers: {}` asks for three with all defaults. Set while the"
            + " cluster runs, it moves the quorum to dedicated controllers, which needs metadata.version 4.4-IV2, and"
            + " taken out it moves it back; only a cluster that began with dedicated controllers keeps them.")
    public Controllers controllers;

    @JsonPropertyDescription("Ways in for clients. Default: one listener for clients inside Kubernetes,"
            + " `{name: plain, port: 9092, type: internal}`. A change reaches each broker at its next restart.")
    @Size(min = 1, max = 8)
    @ValidationRule(
            value = "self.all(l, self.exists_one(o, o.port == l.port))",
            message = "spec.listeners: two listeners have the same port: give each a port of its own")
    @ValidationRule(
            value = "self.all(l, !has(l.nodePort) || self.exists_one(o, has(o.nodePort) && o.nodePort == l.nodePort))",
            message = "spec.listeners: two listeners have the same nodePort: give each a nodePort of its own, further"
                    + " apart than there are brokers")
    public List<Listener> listeners;

    @JsonPropertyDescription("Kafka's own broker properties for all nodes, for example"
            + " `{log.retention.hours: 48, num.io.threads: 16}`. Values are strings, numbers or booleans. Properties that"
            + " the operator decides (node.id, listeners, log.dirs, …) are refused with the reason. Defaults other than"
            + " Kafka's: auto.create.topics.enable is false; socket.connection.setup.timeout.ms is 1000 and"
            + " socket.connection.setup.timeout.max.ms 3000, since nobody answers at the address of a pod that has just gone;"
            + " broker.session.timeout.ms is 5000 and broker.heartbeat.interval.ms 250, since a broker that restarts waits"
            + " for the end of its former session; replica.fetch.backoff.ms is 100, since records wait for followers of a"
            + " new leader;"
            + " with three brokers or more, topics and Kafka's internal topics"
            + " have three replicas, of which two must acknowledge (default.replication.factor,"
            + " min.insync.replicas, …). What Kafka can change while it runs restarts nothing; any other change restarts"
            + " brokers.")
    @Size(max = 300)
    public Map<String, JsonNode> config;

    @JsonPropertyDescription(
            "What you, who own the cluster, say about its topics: who may declare them, their defaults,"
                    + " and their bounds. Default: KafkaTopics of the cluster's own namespace may declare any topic.")
    public Topics topics;

    @JsonPropertyDescription("When and how fast nodes are restarted for a change that needs it. What is down already is"
            + " restarted at any time. Default: at once, in as few rounds as the placement of replicas allows.")
    @ValidationRule(
            value = "!has(self.approve) || (has(self.approval) && self.approval == 'manual')",
            message = "rollout.approve has a meaning only with approval: manual")
    public Rollout rollout;

    @JsonPropertyDescription("How replicas are copied from broker to broker. Default: at 50Mi a second.")
    public Rebalance rebalance;

    @JsonPropertyDescription(
            "What is done for brokers and controllers whose Kubernetes node is gone. Default: after ten"
                    + " minutes they are made again elsewhere, where all their data has a copy in sync.")
    public Healing healing;

    @JsonPropertyDescription(
            "true: all brokers and controllers are shut down, brokers first, and only their volumes and"
                    + " what little else they are made from stay; clients are not served. When it is no longer true they start with"
                    + " the same data, as they were; what else has been changed in the spec meanwhile is done after that. Default:"
                    + " false. Refused with ephemeral storage, of which nothing would be left.")
    public Boolean hibernate;

    @JsonPropertyDescription("true: the API server refuses to delete this KafkaCluster until it is false again."
            + " Default: false. Disks outlive the resource in any case unless storage.retain is false.")
    public Boolean deletionProtection;
}
