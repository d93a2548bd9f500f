package dev.castellan.operator.kafka;

/** Whether the active controller knows a topic of a name. */
public sealed interface Existence {
    record Exists() implements Existence {}

    record Absent() implements Existence {}

    /** Neither is proven: whoever is to be told that a topic is lost, or that it is gone, is not told so yet. */
    record Untold(String why) implements Existence {}
}
