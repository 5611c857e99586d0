package org.bertology.core.prune;

/**
 * What a budget's search found a mask to cost.
 *
 * @param removed units that the mask takes away
 * @param cost in parameters, operations, bytes or seconds
 */
public record CostMeasurement(int removed, double cost) {}
