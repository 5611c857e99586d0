package org.bertology.core.checkpoint.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bertology.core.checkpoint.torch.Python.None;

/** The storages that a pickle declares, each once, however many tensors share it. */
final class Storages {
  private static final String TAG = "storage";

  private final Map<String, Storage> storages = new LinkedHashMap<>();

  /** By key, in the order of their declaration. */
  Map<String, Storage> declared() {
    return storages;
  }

  /**
   * What a persistent id stands for: ("storage", class, key, device, number of elements), and in
   * the older format the part of another storage that it is, or None.
   */
  Storage declare(Arguments id) {
    id.requireCount(5, 6);
    if (!id.text(0).equals(TAG)) {
      throw id.input().broken("a persistent id is '%s'".formatted(Quoted.shortened(id.text(0))));
    }
    if (id.count() == 6 && id.get(5) != None.NONE) {
      throw id.input().broken("a storage is part of another one, which PyTorch no longer writes");
    }
    Storage storage = storage(id);
    Storage known = storages.putIfAbsent(storage.key(), storage);
    if (known != null && !known.equals(storage)) {
      throw id.input().broken("%s is declared as %s".formatted(text(known), text(storage)));
    }
    return Objects.requireNonNullElse(known, storage);
  }

  private static Storage storage(Arguments id) {
    TorchType type = id.storageClass(1).type();
    long elements = id.extent(4);
    if (elements > Long.MAX_VALUE / type.bytes()) {
      throw id.input().broken("a storage has %d elements".formatted(elements));
    }
    return new Storage(id.text(2), type, elements * type.bytes());
  }

  private static String text(Storage storage) {
    return "storage '%s' of %d elements of type %s"
        .formatted(Quoted.shortened(storage.key()), storage.elements(), storage.type());
  }
}
