package org.bertology.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.graph.Flops;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelParameter;

/**
 * Every parameter of a model, in the order in which it is used, and what a forward pass of every
 * layer for every token takes for it.
 *
 * @param rows one for each parameter and each computed constant
 * @param otherFlops operations of products without parameters: scores and contexts of attention
 */
public record ParameterTable(List<Row> rows, long otherFlops) {
  public ParameterTable {
    rows = List.copyOf(rows);
  }

  /** What becomes of a parameter when a model is trained. */
  public enum Use {
    /** Its gradient changes it. */
    TRAINED,
    /** The same, and several places of the model share it. */
    TIED,
    /** It is computed and stays as it is; no checkpoint holds it. */
    FROZEN,
    /** The task does not read it, so it has no gradient. */
    UNUSED
  }

  /**
   * A parameter.
   *
   * @param size how many numbers it holds
   * @param places in how many places the model uses it
   * @param flops of the matrix products with it, in all places together
   */
  public record Row(String name, List<Long> shape, long size, Use use, int places, long flops) {
    public Row {
      shape = List.copyOf(shape);
    }
  }

  /**
   * The table of a model.
   *
   * @param batch examples of the batch whose operations are counted
   * @param length tokens of each of them
   */
  public static ParameterTable of(Model model, int batch, int length) {
    ModelDefinition definition = ModelDefinition.of(model.config(), model.task(), Set.of());
    Map<String, Long> extents = ModelFlops.extents(batch, length);
    Map<String, Long> flops = flops(definition, model.output(), extents);
    Set<String> used = model.parameters().keySet();
    List<Row> rows = new ArrayList<>();
    for (ModelParameter parameter : definition.parameters().values()) {
      boolean read = used.contains(parameter.name());
      if (read || model.checkpoint().weights().names().contains(parameter.name())) {
        rows.add(row(parameter, read, flops.getOrDefault(parameter.name(), 0L)));
      }
    }
    definition
        .constants()
        .forEach(
            (name, tensor) ->
                rows.add(new Row(name, list(tensor.shape()), tensor.size(), Use.FROZEN, 1, 0)));
    long all = Flops.of(definition.graph(), List.of(model.output()), extents);
    return new ParameterTable(rows, all - rows.stream().mapToLong(Row::flops).sum());
  }

  private static Row row(ModelParameter parameter, boolean read, long flops) {
    Use use = parameter.isShared() ? Use.TIED : Use.TRAINED;
    return new Row(
        parameter.name(),
        list(parameter.shape().bind(Map.of())),
        parameter.size(),
        read ? use : Use.UNUSED,
        parameter.places().size(),
        flops);
  }

  private static List<Long> list(long[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  /** Operations of the linear maps by the name of their weight. */
  private static Map<String, Long> flops(
      ModelDefinition definition, String output, Map<String, Long> extents) {
    Map<String, Long> flops = new LinkedHashMap<>();
    for (Value node : definition.graph().nodes(List.of(output))) {
      if (node.op() instanceof Op.Linear
          && node.operand(1).op() instanceof Op.Parameter parameter) {
        flops.merge(parameter.name(), Flops.of(node, extents), Long::sum);
      }
    }
    return flops;
  }

  /** How many numbers the parameters of a use hold. */
  public long size(Use use) {
    return rows.stream().filter(row -> row.use() == use).mapToLong(Row::size).sum();
  }
}
