package dev.castellan.e2e.harness;

/** A range of ports of this machine that leads to a range of node ports. */
public record Outside(String host, int port, int nodePort) {}
