package org.bertology.core.prune;

/**
 * What a model takes.
 *
 * @param parameters numbers that the task's parameters hold
 * @param flops of the matrix products of a forward pass of one example
 * @param bytes of all tensors as they are stored, those included that the task does not use
 */
public record ModelSize(long parameters, long flops, long bytes) {}
