package org.bertology.core.checkpoint.torch;

import java.util.List;
import java.util.function.Function;
import org.bertology.core.checkpoint.torch.Python.PyDict;
import org.bertology.core.checkpoint.torch.Python.PyList;
import org.bertology.core.checkpoint.torch.Python.PyTuple;

/** A function that a pickle may call, by its name in Python. */
enum Constructor {
  ORDERED_DICT("collections.OrderedDict", 0, 1, Constructor::dictionary),
  /** (tuple of extents). */
  SIZE("torch.Size", 1, 1, arguments -> arguments.tuple(0)),
  /** (storage, offset, shape, strides). */
  TENSOR("torch._utils._rebuild_tensor", 4, 4, Constructor::tensor),
  /** (storage, offset, shape, strides, requires gradient, hooks[, properties]). */
  TENSOR_2("torch._utils._rebuild_tensor_v2", 6, 7, Constructor::tensor),
  /** (storage, offset, shape, strides, requires gradient, hooks, type[, properties]). */
  TENSOR_3("torch._utils._rebuild_tensor_v3", 7, 8, Constructor::typedTensor),
  /** (tensor, requires gradient, hooks). */
  PARAMETER("torch._utils._rebuild_parameter", 3, 3, arguments -> arguments.tensor(0)),
  /** (tensor, requires gradient, hooks, attributes). */
  PARAMETER_WITH_STATE(
      "torch._utils._rebuild_parameter_with_state", 4, 4, arguments -> arguments.tensor(0));

  private final String name;
  private final int least;
  private final int most;
  private final Function<Arguments, Object> function;

  Constructor(String name, int least, int most, Function<Arguments, Object> function) {
    this.name = name;
    this.least = least;
    this.most = most;
    this.function = function;
  }

  String pythonName() {
    return name;
  }

  /** The object that a call makes. */
  Object call(PickleInput input, List<Object> arguments) {
    Arguments given = new Arguments(input, "'" + name + "'", arguments);
    given.requireCount(least, most);
    return function.apply(given);
  }

  /** Python 2 gives the entries as an argument, later versions add them afterwards. */
  private static PyDict dictionary(Arguments arguments) {
    PyDict dictionary = new PyDict();
    if (arguments.count() == 1) {
      for (Object pair : items(arguments.input(), arguments.get(0))) {
        List<Object> entry = items(arguments.input(), pair);
        if (entry.size() != 2) {
          throw arguments.input().broken("an entry of a dictionary is no pair");
        }
        arguments.input().spend(1);
        dictionary.put(arguments.input(), entry.get(0), entry.get(1));
      }
    }
    return dictionary;
  }

  private static List<Object> items(PickleInput input, Object object) {
    if (object instanceof PyList list) {
      return list.items();
    }
    if (object instanceof PyTuple tuple) {
      return tuple.items();
    }
    throw input.broken("the entries of a dictionary are " + Python.kind(object));
  }

  private static TensorView tensor(Arguments arguments) {
    arguments.requireNoProperties(6);
    return view(arguments, arguments.storage(0).type());
  }

  private static TensorView typedTensor(Arguments arguments) {
    arguments.requireNoProperties(7);
    return view(arguments, arguments.type(6));
  }

  private static TensorView view(Arguments arguments, TorchType type) {
    return TensorView.of(
        arguments.input(),
        arguments.storage(0),
        type,
        arguments.extent(1),
        arguments.extents(2),
        arguments.extents(3));
  }
}
