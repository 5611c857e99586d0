package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What ONNX Runtime makes of a model. Its settings are strings that it accepts without a word where
 * they are misspelt, so their effect is looked at.
 */
final class OptimizedModelTest {
  @TempDir private Path directory;

  private final GraphBuilder builder = new GraphBuilder();
  private final Map<String, Tensor> weights = new HashMap<>();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 8));

  private Value parameter(String name, long... shape) {
    weights.put(name, Models.ramp(shape));
    return builder.parameter(name, Shape.of(Arrays.stream(shape).boxed().toArray()));
  }

  private List<String> optimizedOperators() throws OrtException, IOException {
    LoweredGraph lowered = Models.lower(builder.build(), Weights.of(weights), "result");
    Path file = directory.resolve("optimized.onnx");
    try (ExternalFolder folder = new ExternalFolder();
        SessionOptions options =
            SessionSettings.open(BackendConfig.defaults(), OnnxDevice.of("cpu"), folder.path())) {
      options.setOptimizedModelFilePath(file.toString());
      OnnxBackendFactory.environment().createSession(lowered.model(), options).close();
    }
    return Models.operators(ModelProto.parseFrom(Files.readAllBytes(file)));
  }

  @Test
  void nothingIsFoldedFromWeights() throws Exception {
    x.add(parameter("w", 8, 8).transpose(1, 0).exp().sum(0)).named("result");

    assertThat(optimizedOperators()).contains("Transpose", "Exp", "ReduceSum");
  }

  @Test
  void aBiasStaysInFrontOfGelu() throws Exception {
    x.linear(parameter("w", 16, 8), parameter("b", 16)).gelu().named("result");

    assertThat(optimizedOperators()).containsExactly("FusedMatMul", "Add", "Gelu");
  }

  @Test
  void aResidualAdditionIsFusedWithTheNormBehindIt() throws Exception {
    Value branch = x.linear(parameter("w", 8, 8));
    x.add(branch).layerNorm(parameter("s", 8), parameter("b", 8), 1e-12).named("result");

    assertThat(optimizedOperators()).containsExactly("FusedMatMul", "SkipLayerNormalization");
  }

  @Test
  void aScaledProductIsOneProduct() throws Exception {
    x.matmul(x, false, true).mul(0.25).softmax().named("result");

    assertThat(optimizedOperators()).containsExactly("FusedMatMul", "Softmax");
  }

  /** The optimizers see the declared file and not the tensor that the session is given. */
  @Test
  void whoReadsAWeightWhereItIsDeclaredFailsInsteadOfComputing() throws Exception {
    x.linear(parameter("w", 64, 64).exp().slice(0, 0, Dim.of(8)).slice(1, 0, Dim.of(8)))
        .named("result");
    LoweredGraph lowered = Models.lower(builder.build(), Weights.of(weights), "result");
    try (ExternalFolder folder = new ExternalFolder();
        OnnxTensor weight =
            HostTensors.share(OnnxBackendFactory.environment(), Models.ramp(64, 64), DType.F32);
        SessionOptions options = new SessionOptions()) {
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", folder.path().toString());
      for (String initializer : lowered.external().keySet()) {
        options.addInitializer(initializer, weight);
      }

      assertThat(lowered.external()).hasSize(1);
      assertThatExceptionOfType(OrtException.class)
          .isThrownBy(
              () ->
                  OnnxBackendFactory.environment().createSession(lowered.model(), options).close())
          .withMessageContaining("out of bounds");
    }
  }
}
