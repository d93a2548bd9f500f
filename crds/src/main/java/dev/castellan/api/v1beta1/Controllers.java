package dev.castellan.api.v1beta1;

/** Dedicated controllers; zones default to the brokers' zones. */
public class Controllers extends NodeTemplate {
    /** 1, 3 or 5; default 3. Fixed after creation in this version. */
    public Integer replicas;
}
