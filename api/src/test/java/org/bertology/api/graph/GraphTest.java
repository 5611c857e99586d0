package org.bertology.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

final class GraphTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch")).named("inputs");
  private final Value hidden = x.mul(2).named("hidden");
  private final Value output = hidden.add(1).named("output");
  private final Graph graph = builder.build();

  /** The output for inputs 3 and 5. */
  private static double[] run(Graph graph, String output) {
    return run(graph, output, Map.of("x", Tensor.of(new double[] {3, 5}, 2)));
  }

  private static double[] run(Graph graph, String output, Map<String, Tensor> inputs) {
    try (ReferenceBackend backend = new ReferenceBackend();
        CompiledGraph compiled = backend.compile(graph, Weights.of(Map.of()), List.of(output))) {
      Tensor result = compiled.run(inputs).get(output);
      assertThat(result).isNotNull();
      return result.toDoubles();
    }
  }

  @Test
  void namesKeepTheirOrder() {
    assertThat(graph.names().keySet()).containsExactly("inputs", "hidden", "output");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> graph.names().clear());
  }

  @Test
  void anUnknownNameGetsNearMisses() {
    assertThat(graph.value("hidden")).isSameAs(hidden);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.value("hiden"))
        .withMessage("no value is named 'hiden'; did you mean 'hidden'?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.nodes(List.of("output", "probabilities")))
        .withMessage("no value is named 'probabilities'; known: inputs, hidden, output");
  }

  @Test
  void nodesAreWhatTheOutputsDependOn() {
    List<Value> nodes = graph.nodes(List.of("hidden"));

    assertThat(nodes).contains(x, hidden).doesNotContain(output);
    assertThat(nodes).isSortedAccordingTo((a, b) -> a.id() - b.id());
  }

  @Test
  void nodesIncludeAnInputThatAloneGivesASymbol() {
    builder.input("other", ElementType.FLOAT, Shape.of("sequence")).named("other");
    Value ones = builder.filled(1, Shape.of("batch", 3)).named("ones");

    List<Value> nodes = builder.build().nodes(List.of("ones"));

    assertThat(nodes).contains(ones, x).doesNotContain(hidden, output);
    assertThat(nodes.stream().filter(node -> node.op() instanceof Op.Input)).containsExactly(x);
  }

  @Test
  void anInputIsAddedForTheSizeOfASymbolToo() {
    builder.size(Dim.of("batch")).named("size");

    assertThat(builder.build().nodes(List.of("size"))).contains(x);
  }

  @Test
  void anotherNameCanBeGiven() {
    Graph more = graph.with("sum", output.sum(0));

    assertThat(more.names().keySet()).containsExactly("inputs", "hidden", "output", "sum");
    assertThat(graph.names()).doesNotContainKey("sum");
    assertThat(more.with("hidden", hidden).names()).isEqualTo(more.names());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.with("hidden", output))
        .withMessage("two values are named 'hidden'; hook names are unique");
  }

  @Test
  void namesCanBeTakenAway() {
    assertThat(graph.without(List.of("inputs", "nothing")).names().keySet())
        .containsExactly("hidden", "output");
  }

  @Test
  void whateverUsedAReplacedValueUsesTheReplacement() {
    Graph replaced = graph.replace("hidden", value -> value.mul(10));

    assertThat(run(replaced, "output")).containsExactly(61, 101);
    assertThat(run(replaced, "hidden")).containsExactly(60, 100);
    assertThat(run(replaced, "inputs")).containsExactly(3, 5);
    assertThat(run(graph, "output")).containsExactly(7, 11);
  }

  @Test
  void replacementsAddUp() {
    Graph twice = graph.replace("hidden", v -> v.mul(10)).replace("hidden", v -> v.add(0.5));

    assertThat(run(twice, "output")).containsExactly(61.5, 101.5);
  }

  @Test
  void aReplacementMayEqualAValueOfTheGraph() {
    // hidden + 1 is the output already: it must become (hidden + 1) + 1 all the same.
    Graph replaced = graph.replace("hidden", value -> value.add(1));

    assertThat(run(replaced, "hidden")).containsExactly(7, 11);
    assertThat(run(replaced, "output")).containsExactly(8, 12);
  }

  @Test
  void aReplacementMayUseWhatCameAfter() {
    Graph replaced = graph.replace("hidden", value -> value.add(output));

    assertThat(run(replaced, "hidden")).containsExactly(13, 21);
    assertThat(run(replaced, "output")).containsExactly(14, 22);
  }

  @Test
  void replacingAValueByItselfChangesNothing() {
    assertThat(graph.replace("hidden", value -> value).names()).isEqualTo(graph.names());
  }

  @Test
  void aReplacementHasTheSameType() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.replace("hidden", value -> value.sum(0)))
        .withMessage("the replacement of 'hidden' must be FLOAT [batch], got FLOAT [1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.replace("hidde", value -> value))
        .withMessage("no value is named 'hidde'; did you mean 'hidden'?");
  }

  @Test
  void aCutValueBecomesAnInput() {
    Graph cut = graph.cut("hidden");
    Map<String, Tensor> inputs = Map.of("hidden", Tensor.of(new double[] {40, 50}, 2));

    assertThat(cut.nodes(List.of("output"))).doesNotContain(x, hidden);
    assertThat(run(cut, "output", inputs)).containsExactly(41, 51);
    assertThat(run(cut, "hidden", inputs)).containsExactly(40, 50);
    assertThat(run(cut, "inputs")).containsExactly(3, 5);
  }

  @Test
  void cuttingAnInputOfTheSameNameChangesNothing() {
    builder.name("x", x);
    Graph named = builder.build();

    assertThat(named.cut("x").names()).isEqualTo(named.names());
  }

  @Test
  void aCutDoesNotTakeTheNameOfAnotherInput() {
    builder.input("output", ElementType.INT, Shape.of("batch"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.cut("output"))
        .withMessage(
            "input 'output' is INT [batch] already, now FLOAT [batch]; use one type per name");
  }
}
