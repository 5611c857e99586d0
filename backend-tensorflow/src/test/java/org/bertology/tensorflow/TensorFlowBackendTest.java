package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What this engine's traps would break, beyond the contract of all backends. */
final class TensorFlowBackendTest {
  private final TensorFlowBackend backend = open();
  private final GraphBuilder builder = new GraphBuilder();

  private static TensorFlowBackend open() {
    return (TensorFlowBackend) new TensorFlowBackendFactory().create(BackendConfig.defaults());
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private static Map<String, Tensor> run(
      Backend engine, Graph graph, Weights weights, Map<String, Tensor> inputs) {
    try (CompiledGraph compiled = engine.compile(graph, weights, List.of("result"))) {
      return compiled.run(inputs);
    }
  }

  private Value large() {
    return builder.parameter("large", Shape.of(64, 64));
  }

  private static Weights largeWeights() {
    return Weights.of(Map.of("large", Ramp.of(64, 64)));
  }

  // --- weights

  @Test
  void anOpenGraphKeepsItsWeightsWhenTheirTensorsAreReleased() throws Exception {
    large().square().named("result");
    try (CompiledGraph graph =
        backend.compile(builder.build(), largeWeights(), List.of("result"))) {
      for (int attempt = 0; attempt < 50 && backend.uploadedTensors() > 0; attempt++) {
        System.gc();
        Thread.sleep(20);
      }

      assertThat(backend.uploadedTensors()).isZero();
      assertThat(graph.run(Map.of()).get("result").toFloats()[4095])
          .isEqualTo((4095f / 4096) * (4095f / 4096));
    }
  }

  // --- devices, threads and versions

  @Test
  void aSecondNumberOfThreadsIsRefused() {
    BackendConfig config = BackendConfig.defaults().withThreads(2);

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> new TensorFlowBackendFactory().create(config))
        .withMessage(
            "tensorflow cannot use 2 threads: all its sessions in a process share one pool, and the"
                + " first backend of this process fixed its size to 1; use 1, or another process");
  }

  @Test
  void theSizeOfTheProcessIsNotBoundByThatOfTheJavaHeap() {
    assertThat(Pointer.maxPhysicalBytes()).isZero();
    assertThat(Pointer.maxBytes()).isZero();
  }

  @Test
  void theVersionIsTheEngines() {
    assertThat(backend.name()).isEqualTo("tensorflow");
    assertThat(backend.version()).isEqualTo("TensorFlow 2.18.0");
  }
}
