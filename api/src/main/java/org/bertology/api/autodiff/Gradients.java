package org.bertology.api.autodiff;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.NearMisses;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.rewrite.Narrowing;

/**
 * Symbolic reverse-mode differentiation. Only what lies between the loss and the values asked for
 * is walked: the gradient of a head mask computes no weight gradient.
 */
public final class Gradients {
  private static final String SUFFIX = ".gradient";

  private final Map<Value, Value> gradients = new HashMap<>();

  private Gradients() {}

  /** The name under which {@link #differentiate} puts the gradient of a value. */
  public static String nameOf(String name) {
    return name + SUFFIX;
  }

  /**
   * A graph with the gradients of the sum of all entries of {@code loss}, each under {@link
   * #nameOf} its value's name. A gradient that an earlier differentiation put there is replaced, so
   * that a function of gradients can be differentiated again.
   *
   * <p>Before differentiating, the graph is {@linkplain Narrowing narrowed} to what the loss reads;
   * the values asked for keep their full shape.
   *
   * @param withRespectTo hooks, inputs or parameters, by name
   * @throws IllegalArgumentException if a name is unknown
   */
  public static Graph differentiate(Graph graph, String loss, Collection<String> withRespectTo) {
    Targets targets = Targets.of(graph, loss, withRespectTo);
    List<Value> results = of(targets.value(loss).sumAll(), targets.values());
    Map<String, Value> added = new LinkedHashMap<>();
    for (int i = 0; i < targets.names().size(); i++) {
      added.put(nameOf(targets.names().get(i)), results.get(i));
    }
    return targets.graph().without(targets.leafNames()).without(added.keySet()).with(added);
  }

  /**
   * A graph in which the gradients are inputs of their names, for a backend that computes them by
   * itself: compiled with the same {@link Differentiation}, it feeds them to whatever uses them.
   * All targets stay in the graph under their names.
   *
   * @throws IllegalArgumentException if a name is unknown
   */
  public static Graph deferred(Graph graph, Differentiation differentiation) {
    Targets targets = Targets.of(graph, differentiation.loss(), differentiation.withRespectTo());
    Map<String, Value> added = new LinkedHashMap<>();
    for (String name : targets.names()) {
      Value target = targets.value(name);
      String gradient = nameOf(name);
      added.put(gradient, target.graph().input(gradient, ElementType.FLOAT, target.shape()));
    }
    return targets.graph().without(added.keySet()).with(added);
  }

  /**
   * A graph narrowed to what a loss reads, with every target in full under its name.
   *
   * @param leafNames names of targets that are inputs or parameters and were no hooks before
   */
  private record Targets(Graph graph, List<String> names, Set<String> leafNames) {
    static Targets of(Graph graph, String loss, Collection<String> withRespectTo) {
      Map<String, Value> leaves = leaves(graph.nodes(List.of(loss)));
      Map<String, Value> unnamed = new LinkedHashMap<>();
      for (String name : withRespectTo) {
        Value target = target(graph, leaves, name);
        if (!graph.names().containsKey(name)) {
          unnamed.put(name, target);
        }
      }
      // Narrowing gives values another identity, so targets go through it under their names.
      Graph narrowed = Narrowing.of(graph.with(unnamed), List.of(loss), withRespectTo);
      List<String> names = List.copyOf(new LinkedHashSet<>(withRespectTo));
      return new Targets(narrowed, names, Set.copyOf(unnamed.keySet()));
    }

    Value value(String name) {
      return graph.value(name);
    }

    List<Value> values() {
      return names.stream().map(graph::value).toList();
    }
  }

  private static Map<String, Value> leaves(List<Value> nodes) {
    Map<String, Value> leaves = new LinkedHashMap<>();
    for (Value node : nodes) {
      if (node.op() instanceof Op.Input input) {
        leaves.put(input.name(), node);
      } else if (node.op() instanceof Op.Parameter parameter) {
        leaves.put(parameter.name(), node);
      }
    }
    return leaves;
  }

  private static Value target(Graph graph, Map<String, Value> leaves, String name) {
    Value hook = graph.names().get(name);
    Value target = hook == null ? leaves.get(name) : hook;
    if (target == null) {
      Set<String> known = new HashSet<>(graph.names().keySet());
      known.addAll(leaves.keySet());
      throw new IllegalArgumentException(
          "no hook, input or parameter that the loss depends on is named '%s'%s"
              .formatted(name, NearMisses.hint(name, known)));
    }
    return target;
  }

  /**
   * The derivatives of a value of rank 0 with respect to others, each of its value's shape; zeros
   * where the loss does not depend on it.
   *
   * @throws IllegalArgumentException if the loss is not FLOAT of rank 0, or a value is not FLOAT
   */
  public static List<Value> of(Value loss, List<Value> withRespectTo) {
    if (!loss.type().isFloat() || loss.shape().rank() != 0) {
      throw new IllegalArgumentException(
          "a loss is FLOAT of rank 0, got %s; sum it".formatted(loss.type()));
    }
    for (Value value : withRespectTo) {
      if (!value.type().isFloat()) {
        throw new IllegalArgumentException(
            "only FLOAT values have gradients, got %s".formatted(value.type()));
      }
    }
    Gradients pass = new Gradients();
    pass.walk(loss, new HashSet<>(withRespectTo));
    return withRespectTo.stream().map(pass::gradient).toList();
  }

  private Value gradient(Value value) {
    Value found = gradients.get(value);
    return found == null ? value.graph().filled(0, value.shape()) : found;
  }

  private void walk(Value loss, Set<Value> withRespectTo) {
    List<Value> nodes = Graph.reachable(List.of(loss));
    Set<Value> active = active(nodes, withRespectTo);
    gradients.put(loss, loss.graph().scalar(1));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Value node = nodes.get(i);
      Value upstream = gradients.get(node);
      if (upstream != null && active.contains(node)) {
        propagate(node, upstream, active);
      }
    }
  }

  /** The nodes that depend on a target through operands that gradients flow to. */
  private static Set<Value> active(List<Value> nodes, Set<Value> withRespectTo) {
    Set<Value> active = new HashSet<>();
    for (Value node : nodes) {
      boolean depends = withRespectTo.contains(node);
      for (int i = 0; i < node.operands().size() && !depends; i++) {
        depends = active.contains(node.operand(i)) && GradientRule.flowsTo(node, i);
      }
      if (depends) {
        active.add(node);
      }
    }
    return active;
  }

  private void propagate(Value node, Value upstream, Set<Value> active) {
    List<Boolean> wanted = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      wanted.add(active.contains(node.operand(i)) && GradientRule.flowsTo(node, i));
    }
    if (!wanted.contains(true)) {
      return;
    }
    List<Optional<Value>> results = node.op().accept(new GradientRule(node, upstream, wanted));
    for (int i = 0; i < results.size(); i++) {
      Value operand = node.operand(i);
      results.get(i).ifPresent(result -> accumulate(operand, result));
    }
  }

  /** The one place where contributions of several uses add up. */
  private void accumulate(Value operand, Value contribution) {
    if (!contribution.type().equals(operand.type())) {
      throw new IllegalStateException(
          "the gradient of %s has type %s".formatted(operand, contribution.type()));
    }
    gradients.merge(operand, contribution, Value::add);
  }
}
