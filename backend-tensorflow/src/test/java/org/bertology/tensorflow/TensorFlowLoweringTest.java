package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.GraphOperation;

/** What graphs become, without running them. */
final class TensorFlowLoweringTest {
  private static final Elements ELEMENTS = new Elements(Precision.FLOAT32);

  private final GraphBuilder builder = new GraphBuilder();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 12));

  @BeforeAll
  static void load() {
    EngineProcess.load();
  }

  private static List<String> written(
      Graph graph, Function<GraphOperation, String> property, String... outputs) {
    try (org.tensorflow.Graph engines = new org.tensorflow.Graph()) {
      NodeWriter writer = new NodeWriter(engines, ELEMENTS);
      TensorFlowLowering.lower(graph, List.of(outputs), writer, ELEMENTS);
      List<String> properties = new ArrayList<>();
      for (Iterator<GraphOperation> all = engines.operations(); all.hasNext(); ) {
        properties.add(property.apply(all.next()));
      }
      return properties;
    }
  }

  private List<String> operators() {
    return written(builder.build(), GraphOperation::type, "result");
  }

  @Test
  void elementwiseOperatorsBroadcastByThemselves() {
    Value row = builder.input("row", ElementType.FLOAT, Shape.of(12));
    Value column = builder.input("column", ElementType.FLOAT, Shape.of("batch", "sequence", 1));

    x.lessThan(row).where(row.add(column), row).named("result");

    assertThat(operators())
        .containsExactlyInAnyOrder(
            "Placeholder", "Placeholder", "Placeholder", "Less", "AddV2", "SelectV2");
  }

  @Test
  void aBroadcastIsWrittenOnceForAllWhoNeedIt() {
    Value row = builder.input("row", ElementType.FLOAT, Shape.of(12));
    Value full = row.broadcast(Shape.of("batch", 12));
    builder.name("full", full);
    full.softmax().add(full.sum(0)).named("result");
    x.named("x");

    assertThat(written(builder.build(), GraphOperation::type, "result", "full"))
        .filteredOn("BroadcastTo"::equals)
        .hasSize(1);
  }

  @Test
  void theShapeOfAnInputIsReadOnceAndEachShapeBuiltOnce() {
    Dim rows = Dim.of("batch").times(Dim.of("sequence"));
    Value flat = x.reshape(Shape.of(rows, 12));
    Value restored = flat.exp().reshape(Shape.of("batch", "sequence", 12));
    Value again = flat.tanh().reshape(Shape.of("batch", "sequence", 12));
    restored.add(again).div(builder.size(rows)).named("result");

    assertThat(operators()).filteredOn("Shape"::equals).hasSize(1);
    assertThat(operators()).filteredOn("Pack"::equals).hasSize(1);
  }

  @Test
  void rowsAreCountedByTheEngineWhereOneExtentIsOpen() {
    Value w = builder.input("w", ElementType.FLOAT, Shape.of(5, 12));
    x.linear(w).softmax().sum(0).sum(1).reshape(Shape.of(5)).named("result");

    assertThat(operators()).filteredOn("Pack"::equals).hasSize(1);
    assertThat(operators()).filteredOn("MatMul"::equals).hasSize(1);
  }

  @Test
  void symbolicGradientsOfANormAndOfGeluUseTheirParts() {
    Value scale = builder.input("scale", ElementType.FLOAT, Shape.of(12));
    x.layerNorm(scale, scale, 1e-5).gelu().named("result").square().sumAll().named("loss");
    Graph graph = Gradients.differentiate(builder.build(), "loss", List.of("x"));

    List<String> operators = written(graph, GraphOperation::type, "result", Gradients.nameOf("x"));

    assertThat(operators).filteredOn("Sqrt"::equals).hasSize(1);
    assertThat(operators).filteredOn("Erf"::equals).hasSize(1);
  }

  @Test
  void nodesAreNamedByTheNearestHook() {
    Value scores = x.abs().neg().named("scores");
    scores.softmax().named("probabilities").exp().named("result");

    assertThat(written(builder.build(), GraphOperation::name, "result"))
        .containsExactlyInAnyOrder(
            "x/Placeholder", "scores/Abs", "scores/Neg", "probabilities/Softmax", "result/Exp");
  }

  @Test
  void onlyWhatTheOutputsNeedIsWritten() {
    x.exp().named("result");
    x.matmul(x, false, true).softmax().named("other");

    assertThat(operators()).containsExactlyInAnyOrder("Placeholder", "Exp");
  }
}
