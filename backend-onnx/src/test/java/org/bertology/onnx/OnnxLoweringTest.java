package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.junit.jupiter.api.Test;

/** What graphs become, without running them. */
final class OnnxLoweringTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 12));

  private List<String> operators() {
    return Models.operators(builder.build(), "result");
  }

  @Test
  void elementwiseOperatorsBroadcastByThemselves() {
    Value row = builder.input("row", ElementType.FLOAT, Shape.of(12));
    Value column = builder.input("column", ElementType.FLOAT, Shape.of("batch", "sequence", 1));

    x.lessThan(row).where(row.add(column), builder.scalar(2)).named("result");

    assertThat(operators()).containsExactly("Less", "Add", "Where");
  }

  @Test
  void aBroadcastIsWrittenWhereNoOperandHasTheFullShape() {
    Value row = builder.input("row", ElementType.FLOAT, Shape.of(12));
    Value full = row.broadcast(Shape.of(3, 12));

    full.add(full.graph().scalar(1).broadcast(Shape.of(3, 12))).named("result");

    assertThat(operators()).containsExactly("Expand", "Add");
  }

  @Test
  void aBroadcastIsWrittenOnceForAllWhoNeedIt() {
    Value full =
        builder.input("row", ElementType.FLOAT, Shape.of(12)).broadcast(Shape.of("batch", 12));

    full.softmax().add(full.sum(0)).named("result");
    builder.name("full", full);
    x.named("x");

    assertThat(Models.operators(builder.build(), "result", "full"))
        .filteredOn("Expand"::equals)
        .hasSize(1);
  }

  @Test
  void splittingAndMergingHeadsReadsNoExtents() {
    x.reshape(Shape.of("batch", "sequence", 3, 4))
        .transpose(0, 2, 1, 3)
        .transpose(0, 2, 1, 3)
        .reshape(Shape.of("batch", "sequence", 12))
        .named("result");

    assertThat(operators()).containsExactly("Reshape", "Transpose", "Transpose", "Reshape");
  }

  @Test
  void eachSymbolIsReadOnceAndEachShapeBuiltOnce() {
    Dim rows = Dim.of("batch").times(Dim.of("sequence"));
    Value flat = x.reshape(Shape.of(rows, 12));
    Value restored = flat.exp().reshape(Shape.of("batch", "sequence", 12));
    Value again = flat.tanh().reshape(Shape.of("batch", "sequence", 12));

    restored.add(again).div(builder.size(rows)).named("result");

    assertThat(operators()).filteredOn("Shape"::equals).hasSize(2);
    assertThat(operators()).filteredOn("Concat"::equals).hasSize(1);
  }

  @Test
  void aNormIsOneOperatorOnlyWhereItIsFusedWithAnAddition() {
    Value scale = builder.input("scale", ElementType.FLOAT, Shape.of(12));
    Value sum = x.add(x.exp()).named("sum");
    sum.layerNorm(scale, scale, 1e-5).named("result");

    assertThat(operators()).containsExactly("Exp", "Add", "LayerNormalization");
    assertThat(Models.operators(builder.build(), "result", "sum"))
        .doesNotContain("LayerNormalization")
        .contains("Sqrt");
  }

  @Test
  void theGradientOfANormUsesItsParts() {
    Value scale = builder.input("scale", ElementType.FLOAT, Shape.of(12));
    x.layerNorm(scale, scale, 1e-5).named("result").square().sumAll().named("loss");
    Graph graph = Gradients.differentiate(builder.build(), "loss", List.of("x"));

    List<String> operators = Models.operators(graph, "result", Gradients.nameOf("x"));

    assertThat(operators).filteredOn("Sqrt"::equals).hasSize(1);
  }

  @Test
  void nodesAreNamedByTheNearestHook() {
    Value scores = x.mul(0.5).add(1).named("scores");
    scores.softmax().named("probabilities").mul(2).named("result");

    List<String> names =
        Models.parse(Models.lower(builder.build(), Models.NO_WEIGHTS, "result"))
            .getGraph()
            .getNodeList()
            .stream()
            .map(NodeProto::getName)
            .toList();

    assertThat(names)
        .containsExactly("scores/Mul", "scores/Add", "probabilities/Softmax", "result/Mul");
  }

  @Test
  void onlyWhatTheOutputsNeedIsWritten() {
    x.exp().named("result");
    x.matmul(x, false, true).softmax().named("other");

    assertThat(operators()).containsExactly("Exp");
  }

  @Test
  void doublesUseNoOperatorThatKeepsSingles() {
    Value scale = builder.input("scale", ElementType.FLOAT, Shape.of(12));
    x.layerNorm(scale, scale, 1e-12).gelu().erf().named("result");

    LoweredGraph lowered =
        OnnxLowering.lower(
            builder.build(),
            Models.NO_WEIGHTS,
            List.of("result"),
            BackendConfig.defaults().withPrecision(Precision.FLOAT64));

    assertThat(Models.operators(Models.parse(lowered)))
        .doesNotContain("Cast", "LayerNormalization", "Gelu", "Erf");
  }

  @Test
  void aSymbolThatNoInputGivesIsRefused() {
    builder.filled(1, Shape.of("unknown")).named("result");

    assertThatIllegalArgumentException()
        .isThrownBy(this::operators)
        .withMessage("no input gives the extent of 'unknown'; known: []");
  }
}
