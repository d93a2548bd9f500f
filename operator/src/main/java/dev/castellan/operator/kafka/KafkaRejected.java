package dev.castellan.operator.kafka;

/** Kafka understood the request and refused it; the message is Kafka's own. */
public final class KafkaRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KafkaRejected(String message, Throwable cause) {
        super(message, cause);
    }
}
