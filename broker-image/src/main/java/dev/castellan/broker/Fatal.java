package dev.castellan.broker;

/** A reason not to start, in one sentence that the person on call can act upon: it becomes the pod's termination message. */
final class Fatal extends RuntimeException {
    Fatal(String reason) {
        super(reason);
    }
}
