package org.bertology.core.checkpoint.torch;

/**
 * Memory that tensors view, as a pickle declares it; the data lies elsewhere in the file.
 *
 * @param key its name in the file
 * @param bytes its size
 */
record Storage(String key, TorchType type, long bytes) {
  long elements() {
    return bytes / type.bytes();
  }
}
