package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** What a user declares of a cluster. Everything but the brokers has a safe default. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class KafkaClusterSpec {
    /** Kafka version, one of versions.yaml; unset: the newest. May be raised, not lowered. */
    public String version;

    /** Overrides the broker image that belongs to the version. */
    public String image;

    public Brokers brokers;

    /** Dedicated controllers; unset: up to three brokers are controllers too. Cannot be set or unset later. */
    public Controllers controllers;

    /** Unset: one internal listener plain:9092. */
    public List<Listener> listeners;

    /** Kafka broker properties for all nodes; keys that the operator owns are refused. Values are scalars. */
    public Map<String, JsonNode> config;

    public Boolean deletionProtection;
}
