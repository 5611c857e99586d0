package org.bertology.core.checkpoint.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.torch.Python.PyDict;

/**
 * The tensors of a checkpoint: those under {@code state_dict} or {@code model}, as training
 * programs save them next to other things, or else those of the dictionary itself.
 */
final class StateDict {
  private static final List<String> PLACES = List.of("state_dict", "model");
  private static final int LISTED = 8;

  private StateDict() {}

  /**
   * The tensors by name in their order; other values are left out.
   *
   * @param source what messages call the file
   * @throws ContentException if there are none
   */
  static Map<String, TensorView> tensors(String source, Object saved) {
    if (!(saved instanceof PyDict dictionary)) {
      throw none(source, Python.kind(saved));
    }
    for (String place : PLACES) {
      if (dictionary.items().get(place) instanceof PyDict nested && !tensors(nested).isEmpty()) {
        return tensors(nested);
      }
    }
    Map<String, TensorView> tensors = tensors(dictionary);
    if (tensors.isEmpty()) {
      throw none(source, "a dictionary with " + keys(dictionary));
    }
    return tensors;
  }

  private static Map<String, TensorView> tensors(PyDict dictionary) {
    Map<String, TensorView> tensors = new LinkedHashMap<>();
    dictionary
        .items()
        .forEach(
            (name, value) -> {
              if (value instanceof TensorView tensor) {
                tensors.put(name, tensor);
              }
            });
    return tensors;
  }

  private static String keys(PyDict dictionary) {
    return dictionary.items().isEmpty()
        ? "no keys"
        : dictionary.items().keySet().stream()
            .limit(LISTED)
            .map(key -> "'%s'".formatted(Quoted.shortened(key)))
            .collect(Collectors.joining(", ", "the keys ", ""));
  }

  private static ContentException none(String source, String got) {
    return new ContentException(
        ("%s holds no tensors; expected a dictionary of them by parameter name, as model.state_dict()"
                + " gives it, or one under 'state_dict' or 'model'; got %s")
            .formatted(source, got));
  }
}
