package org.bertology.core.checkpoint.torch;

import org.bertology.core.ContentException;

/** All that a pickle may name; nothing else is looked up, and nothing of it is Python's. */
final class ClosedList {
  private ClosedList() {}

  /** A class of storages. */
  record StorageClass(TorchType type) {}

  /**
   * What has this name: a {@link Constructor}, a {@link StorageClass} or a {@link TorchType}.
   *
   * @throws ContentException if it is not on the list
   */
  static Object find(PickleInput input, String name) {
    return Constructor.named(name)
        .<Object>map(constructor -> constructor)
        .or(() -> TorchType.named(name))
        .or(() -> TorchType.ofStorage(name).map(StorageClass::new))
        .orElseThrow(() -> refused(input, name));
  }

  private static ContentException refused(PickleInput input, String name) {
    return new ContentException(
        ("%s: the pickle asks for '%s', which is not in the closed list of what a checkpoint may"
                + " construct; nothing of it was run. If you trust its author, load the file with"
                + " PyTorch and save the model's state_dict() alone")
            .formatted(input.source(), Quoted.shortened(name)));
  }
}
