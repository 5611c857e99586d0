package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.junit.jupiter.api.Test;

/** The text of scripts. */
final class TorchScriptLoweringTest {
  private static final ScriptTypes FLOAT32 = new ScriptTypes(Precision.FLOAT32, "cpu", true);

  private final GraphBuilder builder = new GraphBuilder();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 4));

  private TorchScript lower(ScriptTypes types, String... outputs) {
    return TorchScriptLowering.lower(builder.build(), List.of(outputs), Optional.empty(), types);
  }

  @Test
  void constantsAreNumbersAndBroadcastsAreLeftToTheOperators() {
    builder.scalar(2).sub(x.mul(0.5)).add(builder.parameter("b", Shape.of(4))).named("y");

    assertThat(lower(FLOAT32, "y").source())
        .isEqualTo(
            """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.M, anchor: Tensor, x0: Tensor, w: List[Tensor]) -> List[Tensor]:
                v0 = torch.mul(x0, 0.5)
                v1 = torch.full([], 2.0, dtype=6)
                v2 = torch.sub(v1, v0)
                v3 = w[0]
                v4 = torch.add(v2, v3)
                v5 = torch.contiguous(v4)
                return [v5]
            """);
  }

  @Test
  void oneDnnMultipliesByWeightsWhereThatIsNotDifferentiated() {
    x.linear(builder.parameter("w", Shape.of(3, 4)), builder.parameter("b", Shape.of(3)))
        .named("y");
    String call = "ops.mkldnn._linear_pointwise(x0, v0, v1, \"none\", ";
    Differentiation differentiation = new Differentiation("y", List.of("x"));
    Graph deferred = Gradients.deferred(builder.build(), differentiation);

    assertThat(lower(FLOAT32, "y").source()).contains(call);
    assertThat(lower(new ScriptTypes(Precision.FLOAT32, "cpu", false), "y").source())
        .contains("torch.linear(x0, v0, v1)");
    assertThat(lower(new ScriptTypes(Precision.FLOAT64, "cpu", true), "y").source())
        .contains("torch.linear(x0, v0, v1)");
    assertThat(lower(new ScriptTypes(Precision.FLOAT32, "cuda:0", true), "y").source())
        .contains("torch.linear(x0, v0, v1)");
    assertThat(
            TorchScriptLowering.lower(
                    deferred, List.of("x.gradient"), Optional.of(differentiation), FLOAT32)
                .source())
        .contains("torch.linear(v0, v1, v2)");
  }

  @Test
  void extentsAreReadFromTheInputsOnce() {
    Dim entries = Dim.of("batch").times(Dim.of(4));
    x.reshape(Shape.of(entries)).exp().reshape(Shape.of("batch", 2, 2)).named("y");

    assertThat(lower(FLOAT32, "y").source())
        .contains(
            "    v0 = torch.size(x0, 0)\n    v1 = torch.mul(4, v0)\n    v2 = torch.reshape(x0, [v1])\n")
        .contains("torch.reshape(v3, [v0, 2, 2])");
  }

  @Test
  void newTensorsAreMadeInThePrecisionAndOnTheDeviceOfTheBackend() {
    x.mul(1).named("y");
    builder.filled(0.25, Shape.of("batch")).named("quarters");

    assertThat(lower(new ScriptTypes(Precision.FLOAT64, "cuda:1", true), "quarters").source())
        .contains("torch.full([], 0.25, dtype=7, device=torch.device(\"cuda:1\"))");
  }

  @Test
  void everyLineHasTheNearestHook() {
    x.exp().named("first").add(1).tanh().named("second");

    TorchScript script = lower(FLOAT32, "second");

    List<String> lines = script.source().lines().toList();
    assertThat(script.hooks()).hasSameSizeAs(lines);
    assertThat(script.hooks().get(lines.indexOf("    v0 = torch.exp(x0)"))).isEqualTo("first");
    assertThat(script.hooks().get(lines.indexOf("    v1 = torch.add(v0, 1.0)")))
        .isEqualTo("second");
  }

  @Test
  void aTargetThatDependsOnAnotherKeepsItsRecord() {
    Value h = x.mul(3).named("h");
    h.exp().named("k").sum(1).named("loss");
    Differentiation differentiation = new Differentiation("loss", List.of("h", "k"));
    Graph graph = Gradients.deferred(builder.build(), differentiation);

    String source =
        TorchScriptLowering.lower(
                graph, differentiation.gradients(), Optional.of(differentiation), FLOAT32)
            .source();

    assertThat(source)
        .contains("    v1 = torch.requires_grad_(torch.detach(v0), True)\n    v2 = torch.exp(v1)\n")
        .contains("torch.grad([v4], [v1, v2], None, None, False, True)")
        .containsOnlyOnce("requires_grad_");
  }

  @Test
  void whatCannotBeDifferentiatedIsRefused() {
    Value bits = x.lessThan(builder.scalar(0)).named("bits");
    bits.cast(ElementType.FLOAT).named("loss");
    Graph graph = builder.build();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TorchScriptLowering.lower(
                    graph,
                    List.of("loss"),
                    Optional.of(new Differentiation("loss", List.of("bits"))),
                    FLOAT32))
        .withMessage("the target 'bits' must be FLOAT to have a gradient, got BOOL [batch, 4]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TorchScriptLowering.lower(
                    graph,
                    List.of("loss"),
                    Optional.of(new Differentiation("bits", List.of("loss"))),
                    FLOAT32))
        .withMessage("the loss 'bits' must be FLOAT to have a gradient, got BOOL [batch, 4]");
  }

  @Test
  void gradientsOfGradientsAreRefused() {
    x.square().named("loss");
    Differentiation first = new Differentiation("loss", List.of("x"));
    Graph once = Gradients.deferred(builder.build(), first);
    Graph graph = once.with("loss2", once.value("x.gradient").square());
    Differentiation second = new Differentiation("loss2", List.of("x"));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TorchScriptLowering.lower(graph, List.of("loss2"), Optional.of(second), FLOAT32))
        .withMessage(
            "'loss2' depends on 'x.gradient', which is computed from it; use"
                + " Gradients.differentiate for gradients of gradients");
  }
}
