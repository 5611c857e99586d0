package org.bertology.core.checkpoint.torch;

import java.util.List;
import org.bertology.core.checkpoint.torch.ClosedList.StorageClass;
import org.bertology.core.checkpoint.torch.Python.None;
import org.bertology.core.checkpoint.torch.Python.PyDict;
import org.bertology.core.checkpoint.torch.Python.PyTuple;

/**
 * The arguments of a call in a pickle; one of the wrong type is a fault of the pickle.
 *
 * @param callee what messages call the called
 */
record Arguments(PickleInput input, String callee, List<Object> items) {
  /** PyTorch's own bound. */
  private static final int MAXIMUM_RANK = 64;

  int count() {
    return items.size();
  }

  void requireCount(int least, int most) {
    if (count() < least || count() > most) {
      throw input.broken(
          "%s takes %d to %d arguments, got %d".formatted(callee, least, most, count()));
    }
  }

  Object get(int index) {
    return items.get(index);
  }

  String text(int index) {
    return get(index, String.class, "a string");
  }

  Storage storage(int index) {
    return get(index, Storage.class, "a storage");
  }

  StorageClass storageClass(int index) {
    return get(index, StorageClass.class, "a class of storages");
  }

  TorchType type(int index) {
    return get(index, TorchType.class, "an element type");
  }

  TensorView tensor(int index) {
    return get(index, TensorView.class, "a tensor");
  }

  PyTuple tuple(int index) {
    return get(index, PyTuple.class, "a tuple");
  }

  /** An integer that is not negative. */
  long extent(int index) {
    return extent(get(index));
  }

  /** A tuple of integers that are not negative, one per axis. */
  long[] extents(int index) {
    List<Object> extents = tuple(index).items();
    if (extents.size() > MAXIMUM_RANK) {
      throw input.broken(
          "a tensor has %d axes, expected at most %d".formatted(extents.size(), MAXIMUM_RANK));
    }
    input.spend(extents.size());
    return extents.stream().mapToLong(this::extent).toArray();
  }

  private long extent(Object extent) {
    if (extent instanceof Long number && number >= 0) {
      return number;
    }
    String got = extent instanceof Long ? extent.toString() : Python.kind(extent);
    throw input.broken("%s takes integers of at least 0, got %s".formatted(callee, got));
  }

  /** Refuses properties of a tensor that are not read; there are none in a state dict. */
  void requireNoProperties(int index) {
    boolean none =
        index >= count()
            || get(index) == None.NONE
            || get(index) instanceof PyDict properties && properties.items().isEmpty();
    if (!none) {
      throw input.broken("a tensor is stored as the negation or conjugate of its data");
    }
  }

  private <T> T get(int index, Class<T> type, String expected) {
    if (!type.isInstance(get(index))) {
      throw input.broken(
          "argument %d of %s must be %s, got %s"
              .formatted(index + 1, callee, expected, Python.kind(get(index))));
    }
    return type.cast(get(index));
  }
}
