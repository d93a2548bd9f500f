package dev.castellan.operator.kafka;

/** Kafka did not answer in time, or cannot be reached: try again later, nothing is known to have happened. */
public final class KafkaUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KafkaUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
