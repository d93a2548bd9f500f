package dev.castellan.operator.cluster;

/** A wish of the user that is not followed, since following it would harm; the reason is what the user reads. */
public record HeldBack(String set, String reason) {}
