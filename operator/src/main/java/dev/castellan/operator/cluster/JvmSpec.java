package dev.castellan.operator.cluster;

import java.util.List;

/** The Java process of a node, with defaults applied. */
public record JvmSpec(long heapMebibytes, List<String> options) {}
