package org.bertology.api.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An immutable set of named values. A name is a hook: its value can be asked for as an output,
 * differentiated, replaced, or cut so that it becomes an input. Every method returns another graph.
 */
public final class Graph {
  private final Map<String, Value> names;

  Graph(Map<String, Value> names) {
    this.names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
  }

  /** All names with their values, in the order in which they were given. */
  public Map<String, Value> names() {
    return names;
  }

  /**
   * The value of a name.
   *
   * @throws IllegalArgumentException with near misses, if there is none
   */
  public Value value(String name) {
    Value value = names.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "no value is named '%s'%s".formatted(name, NearMisses.hint(name, names.keySet())));
    }
    return value;
  }

  /**
   * The values that the given names depend on and themselves, operands before results; and, for
   * each symbol whose extent none of their inputs gives, another input of this graph that does.
   */
  public List<Value> nodes(Collection<String> outputs) {
    List<Value> roots = new ArrayList<>(outputs.stream().map(this::value).toList());
    Set<String> unknown = unknownSymbols(reachable(roots));
    if (!unknown.isEmpty()) {
      for (Value node : reachable(names.values())) {
        if (node.op() instanceof Op.Input && unknown.removeAll(given(node.shape()))) {
          roots.add(node);
        }
      }
    }
    return reachable(roots);
  }

  private static Set<String> unknownSymbols(List<Value> nodes) {
    Set<String> unknown = new HashSet<>();
    for (Value node : nodes) {
      node.shape().dims().forEach(dim -> unknown.addAll(dim.symbols()));
      if (node.op() instanceof Op.DimSize size) {
        unknown.addAll(size.dim().symbols());
      }
    }
    for (Value node : nodes) {
      if (node.op() instanceof Op.Input) {
        unknown.removeAll(given(node.shape()));
      }
    }
    return unknown;
  }

  /** The symbols that are an axis of their own. */
  private static List<String> given(Shape shape) {
    return shape.dims().stream()
        .filter(dim -> dim.factor() == 1 && dim.symbols().size() == 1)
        .map(dim -> dim.symbols().get(0))
        .toList();
  }

  /** The values that the given ones depend on and themselves, operands before results. */
  public static List<Value> reachable(Collection<Value> roots) {
    TreeMap<Integer, Value> found = new TreeMap<>();
    Deque<Value> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      Value value = open.pop();
      if (found.putIfAbsent(value.id(), value) == null) {
        open.addAll(value.operands());
      }
    }
    return List.copyOf(found.values());
  }

  /** This graph with one more name. */
  public Graph with(String name, Value value) {
    return with(Map.of(name, value));
  }

  /**
   * This graph with more names.
   *
   * @throws IllegalArgumentException if a name is taken by another value
   */
  public Graph with(Map<String, Value> added) {
    Map<String, Value> all = new LinkedHashMap<>(names);
    added.forEach(
        (name, value) -> {
          Value before = all.putIfAbsent(name, value);
          if (before != null && before != value) {
            throw new IllegalArgumentException(
                "two values are named '%s'; hook names are unique".formatted(name));
          }
        });
    return new Graph(all);
  }

  /** This graph without some names. */
  public Graph without(Collection<String> removed) {
    Map<String, Value> rest = new LinkedHashMap<>(names);
    rest.keySet().removeAll(removed);
    return new Graph(rest);
  }

  /** This graph with other values behind the same names. */
  public Graph mapNames(Function<Value, Value> change) {
    Map<String, Value> changed = new LinkedHashMap<>();
    names.forEach((name, value) -> changed.put(name, change.apply(value)));
    return new Graph(changed);
  }

  /**
   * A graph in which everything that used the named value uses {@code replacement} of it instead;
   * the name stands for the replacement.
   *
   * @throws IllegalArgumentException if the name is unknown or the replacement's type differs
   */
  public Graph replace(String name, UnaryOperator<Value> replacement) {
    Value before = value(name);
    Value after = replacement.apply(before);
    if (!after.type().equals(before.type())) {
      throw new IllegalArgumentException(
          "the replacement of '%s' must be %s, got %s"
              .formatted(name, before.type(), after.type()));
    }
    return substitute(Map.of(before, after));
  }

  /**
   * A graph in which the named value is an input of the same name and type: what it was computed
   * from is no longer needed.
   */
  public Graph cut(String name) {
    Value before = value(name);
    Value input = before.graph().input(name, before.type().element(), before.shape());
    return substitute(Map.of(before, input));
  }

  /**
   * A graph in which everything that used some values uses others instead.
   *
   * @param replacements of the same types, by what they replace
   */
  public Graph substitute(Map<Value, Value> replacements) {
    // What a replacement is computed from needs no copy, though an equal value that used the one
    // before does: h replaced by 2·h where the graph has 2·h already makes that one 4·h.
    Map<Value, Value> copies = new HashMap<>(replacements);
    for (Value value : reachable(names.values())) {
      copies.computeIfAbsent(value, v -> copy(v, copies));
    }
    return mapNames(copies::get);
  }

  private static Value copy(Value value, Map<Value, Value> copies) {
    Value[] operands = value.operands().stream().map(copies::get).toArray(Value[]::new);
    return List.of(operands).equals(value.operands())
        ? value
        : value.graph().append(value.op(), operands);
  }
}
