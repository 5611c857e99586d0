package org.bertology.core.checkpoint.torch;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of Python that a pickle makes, next to String, Long, BigInteger, Double, Boolean and
 * byte[]. They may contain themselves, so nobody walks through them.
 */
final class Python {
  private Python() {}

  enum None {
    NONE
  }

  record PyTuple(List<Object> items) {}

  record PyList(List<Object> items) {
    PyList() {
      this(new ArrayList<>());
    }
  }

  /** A dict or OrderedDict. What it has under an integer is no parameter, and left out. */
  record PyDict(Map<String, Object> items) {
    PyDict() {
      this(new LinkedHashMap<>());
    }

    void put(PickleInput input, Object key, Object value) {
      if (key instanceof String name) {
        items.put(name, value);
      } else if (!(key instanceof Long)) {
        throw input.broken("a key of a dictionary is " + kind(key));
      }
    }
  }

  /** What messages call an object. */
  static String kind(Object object) {
    if (object instanceof String) {
      return "a string";
    }
    if (object instanceof Long || object instanceof BigInteger) {
      return "an integer";
    }
    if (object instanceof Double) {
      return "a number";
    }
    if (object instanceof Boolean) {
      return "a truth value";
    }
    if (object instanceof byte[]) {
      return "bytes";
    }
    return structure(object);
  }

  private static String structure(Object object) {
    if (object instanceof None) {
      return "None";
    }
    if (object instanceof PyTuple) {
      return "a tuple";
    }
    if (object instanceof PyList) {
      return "a list";
    }
    if (object instanceof PyDict) {
      return "a dictionary";
    }
    if (object instanceof Storage) {
      return "a storage";
    }
    return object instanceof TensorView ? "a tensor" : "a class or function";
  }
}
