package dev.castellan.operator.cluster;

/**
 * One thing that is wrong in a user's spec.
 *
 * @param field its path, such as spec.config[node.id]
 * @param value what the user wrote
 * @param cure why it cannot be; what to write instead
 */
public record Problem(String field, String value, String cure) {
    public String message() {
        return field + " is " + value + ": " + cure;
    }
}
