package org.bertology.core.checkpoint.torch;

import java.util.HashMap;
import java.util.Map;
import org.bertology.core.ContentException;

/** All that a pickle may name; nothing else is looked up, and nothing of it is Python's. */
final class ClosedList {
  /** A {@link Constructor}, {@link StorageClass} or {@link TorchType} by its name in Python. */
  private static final Map<String, Object> MEMBERS = members();

  private ClosedList() {}

  /** A class of storages, by the type of their elements. */
  record StorageClass(TorchType type) {}

  private static Map<String, Object> members() {
    Map<String, Object> members = new HashMap<>();
    for (Constructor constructor : Constructor.values()) {
      members.put(constructor.pythonName(), constructor);
    }
    for (TorchType type : TorchType.values()) {
      members.put(type.typeName(), type);
      members.put(type.storageName(), new StorageClass(type));
    }
    // Its elements are bytes, whatever the tensors that view it hold.
    members.put("torch.storage.UntypedStorage", new StorageClass(TorchType.BYTE));
    return Map.copyOf(members);
  }

  /**
   * What has this name.
   *
   * @throws ContentException if it is not on the list
   */
  static Object find(PickleInput input, String name) {
    Object member = MEMBERS.get(name);
    if (member == null) {
      throw new ContentException(
          ("%s: the pickle asks for '%s', which is not in the closed list of what a checkpoint may"
                  + " construct; nothing of it was run. If you trust its author, load the file with"
                  + " PyTorch and save the model's state_dict() alone")
              .formatted(input.source(), Quoted.shortened(name)));
    }
    return member;
  }
}
