package org.bertology.api.rewrite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;

/**
 * Only what is read is computed: a slice moves towards the producers of what it is taken from, as
 * far as nothing else needs them in full. A classifier that reads the first token alone thus
 * computes the last layer's queries, output projection and feed-forward network for one token.
 */
public final class Narrowing {
  /** What is needed of each value: a region, or all of it where empty. */
  private final Map<Value, Optional<Region>> demands = new HashMap<>();

  private final Map<Value, Value> results = new HashMap<>();

  private Narrowing() {}

  /**
   * The same graph, cheaper to run for the given outputs; all names keep their full shapes.
   *
   * @param outputs what is going to be computed
   * @param kept values that must stay in full on the way to the outputs, because they are going to
   *     be differentiated
   * @throws IllegalArgumentException if a name is unknown
   */
  public static Graph of(Graph graph, Collection<String> outputs, Collection<String> kept) {
    Set<Value> full = new HashSet<>();
    outputs.forEach(name -> full.add(graph.value(name)));
    kept.forEach(name -> full.add(graph.value(name)));
    List<Value> nodes = Graph.reachable(full);
    Narrowing narrowing = new Narrowing();
    narrowing.collectDemands(nodes, full);
    nodes.forEach(narrowing::rebuild);
    return graph.mapNames(narrowing::inFull);
  }

  /** The same graph, cheaper to run for the given outputs. */
  public static Graph of(Graph graph, Collection<String> outputs) {
    return of(graph, outputs, List.of());
  }

  private void collectDemands(List<Value> nodes, Set<Value> full) {
    full.forEach(value -> demands.put(value, Optional.empty()));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Value node = nodes.get(i);
      List<Optional<Region>> needed = operandDemands(node);
      for (int operand = 0; operand < needed.size(); operand++) {
        demand(node.operand(operand), needed.get(operand));
      }
    }
  }

  private void demand(Value value, Optional<Region> needed) {
    Optional<Region> before = demands.get(value);
    boolean differs = before != null && !before.equals(needed);
    demands.put(value, differs ? Optional.empty() : needed);
  }

  private Optional<Region> demandOf(Value node) {
    Optional<Region> demand = demands.get(node);
    return demand == null ? Optional.empty() : demand;
  }

  private List<Optional<Region>> operandDemands(Value node) {
    Optional<List<Optional<Region>>> narrow =
        demandOf(node).flatMap(region -> node.op().accept(new RegionRule(node, region)));
    if (narrow.isPresent()) {
      return narrow.get();
    }
    demands.put(node, Optional.empty());
    if (node.op() instanceof Op.Slice slice) {
      return List.of(Optional.of(new Region(slice.axis(), slice.start(), slice.length())));
    }
    return node.operands().stream().map(operand -> Optional.<Region>empty()).toList();
  }

  private void rebuild(Value node) {
    Optional<Region> demand = demandOf(node);
    List<Optional<Region>> needed = operandDemands(node);
    List<Value> operands = new ArrayList<>();
    for (int i = 0; i < needed.size(); i++) {
      operands.add(part(node.operand(i), needed.get(i)));
    }
    results.put(node, rebuilt(node, demand, operands));
  }

  /** What was rebuilt of a value, cut down to the region if more of it was needed elsewhere. */
  private Value part(Value value, Optional<Region> needed) {
    Value rebuilt = results.getOrDefault(value, value);
    boolean narrowAlready = demandOf(value).isPresent();
    return narrowAlready || needed.isEmpty() ? rebuilt : needed.get().of(rebuilt);
  }

  private static Value rebuilt(Value node, Optional<Region> demand, List<Value> operands) {
    if (node.op() instanceof Op.Slice slice) {
      // The operand is this slice already; a region of another axis remains to be taken.
      return demand
          .filter(region -> region.axis() != slice.axis())
          .map(region -> region.of(operands.get(0)))
          .orElse(operands.get(0));
    }
    Op op = demand.map(region -> narrowed(node.op(), region)).orElse(node.op());
    return node.graph().append(op, operands.toArray(Value[]::new));
  }

  private static Op narrowed(Op op, Region region) {
    if (op instanceof Op.Reshape reshape) {
      return new Op.Reshape(reshape.shape().with(region.axis(), region.length()));
    }
    if (op instanceof Op.Broadcast broadcast) {
      return new Op.Broadcast(broadcast.shape().with(region.axis(), region.length()));
    }
    return op;
  }

  /** The full value: rebuilt where it was needed in full, as before elsewhere. */
  private Value inFull(Value value) {
    Value rebuilt = results.get(value);
    return rebuilt == null || demandOf(value).isPresent() ? value : rebuilt;
  }
}
