package org.bertology.api.model;

/**
 * The heads or neurons of a layer, as they lie along an axis of its parameters.
 *
 * @param count how many there are
 * @param size entries of one
 */
record Units(Mask kind, int count, int size) {
  static Units heads(LayerGeometry layer) {
    return new Units(Mask.HEADS, layer.heads(), layer.headSize());
  }

  static Units neurons(LayerGeometry layer) {
    return new Units(Mask.NEURONS, layer.intermediateSize(), 1);
  }

  long width() {
    return (long) count * size;
  }

  Slices along(int axis) {
    return new Slices(kind, axis, 1, size);
  }

  /** The same for a parameter that holds several maps, one after the other. */
  Slices along(int axis, int blocks) {
    return new Slices(kind, axis, blocks, size);
  }
}
