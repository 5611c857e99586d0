package org.bertology.core.compare;

/**
 * A place among a model's heads.
 *
 * @param layer from 0, through all stacks
 * @param index within the layer, from 0
 */
public record Head(int layer, int index) {}
