package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;

/** Operators that graphs are lowered without because their own gradients are wrong. */
final class TensorFlowNativeGradientTest {
  /** {@code Σ factor · logsoftmax(x)}, {@code [2, 2, 3]}, by central differences. */
  private static double[] logSoftmaxDifferences(double[] values, double[] factors) {
    double step = 1e-6;
    double[] gradient = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double[] above = values.clone();
      double[] below = values.clone();
      above[i] += step;
      below[i] -= step;
      gradient[i] =
          (weightedLogSoftmax(above, factors) - weightedLogSoftmax(below, factors)) / (2 * step);
    }
    return gradient;
  }

  private static double weightedLogSoftmax(double[] values, double[] factors) {
    double sum = 0;
    for (int row = 0; row < values.length; row += 3) {
      double normalizer = Math.log(Arrays.stream(values, row, row + 3).map(Math::exp).sum());
      for (int i = row; i < row + 3; i++) {
        sum += factors[i] * (values[i] - normalizer);
      }
    }
    return sum;
  }

  @Test
  void theGradientOfLogSoftmaxIsRightWhereTheEnginesOwnIsWrong() {
    double[] values = {0.1, -0.4, 1.2, 0.7, 0.3, -0.9, 1.5, 0.2, -0.6, 0.8, -1.1, 0.4};
    double[] factors = {1, 2, -1, 0.5, 3, 1, -2, 1, 0, 4, 1, -0.5};
    double[] expected = logSoftmaxDifferences(values, factors);
    Tensor logits = Tensor.of(values, 2, 2, 3);
    Tensor weights = Tensor.of(factors, 2, 2, 3);
    double[] ours = loweredGradient(logits, weights);
    double[] engines = engineLogSoftmaxGradient(logits, weights);

    assertThat(distance(ours, expected)).isLessThan(1e-8);
    assertThat(distance(engines, expected)).isGreaterThan(0.1);
  }

  private static double distance(double[] left, double[] right) {
    double largest = 0;
    for (int i = 0; i < right.length; i++) {
      largest = Math.max(largest, Math.abs(left[i] - right[i]));
    }
    return largest;
  }

  private static double[] loweredGradient(Tensor logits, Tensor factors) {
    GraphBuilder builder = new GraphBuilder();
    Value z = builder.input("z", ElementType.FLOAT, Shape.of("batch", 2, 3));
    z.logSoftmax()
        .mul(builder.input("f", ElementType.FLOAT, Shape.of("batch", 2, 3)))
        .named("loss");
    Differentiation byZ = new Differentiation("loss", List.of("z"));
    Graph deferred = Gradients.deferred(builder.build(), byZ);
    BackendConfig config = BackendConfig.defaults().withPrecision(Precision.FLOAT64);
    try (Backend backend = new TensorFlowBackendFactory().create(config);
        CompiledGraph graph =
            backend.compile(deferred, Ramp.NO_WEIGHTS, List.of("z.gradient"), byZ)) {
      return graph.run(Map.of("z", logits, "f", factors)).get("z.gradient").toDoubles();
    }
  }

  private static double[] engineLogSoftmaxGradient(Tensor logits, Tensor factors) {
    Elements elements = new Elements(Precision.FLOAT64);
    try (org.tensorflow.Graph graph = new org.tensorflow.Graph()) {
      NodeWriter writer = new NodeWriter(graph, elements);
      Output<?> z = placeholder(writer, "z", elements);
      Output<?> f = placeholder(writer, "f", elements);
      Output<?> loss = writer.node("Mul", "loss", writer.node("LogSoftmax", "own", z), f);
      Output<?>[] gradient =
          graph.addGradients("gradients", new Output<?>[] {loss}, new Output<?>[] {z}, null);
      try (Session session = new Session(graph);
          org.tensorflow.Tensor given = NativeTensors.copyIn(logits, DType.F64);
          org.tensorflow.Tensor weights = NativeTensors.copyIn(factors, DType.F64);
          Result result =
              session.runner().feed(z, given).feed(f, weights).fetch(gradient[0]).run()) {
        return NativeTensors.copyOut(result.get(0), DType.F64).toDoubles();
      }
    }
  }

  private static Output<?> placeholder(NodeWriter writer, String name, Elements elements) {
    return writer.node(
        "Placeholder",
        name,
        node ->
            node.setAttr("dtype", elements.floating())
                .setAttr("shape", org.tensorflow.ndarray.Shape.of(-1, 2, 3)));
  }
}
