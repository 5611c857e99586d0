package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What this engine's traps would break, beyond the contract of all backends. */
final class DjlBackendTest {
  private final DjlBackend backend =
      (DjlBackend) new DjlBackendFactory().create(BackendConfig.defaults());
  private final GraphBuilder builder = new GraphBuilder();

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor run(
      Backend engine, Graph graph, Weights weights, Map<String, Tensor> inputs) {
    try (CompiledGraph compiled = engine.compile(graph, weights, List.of("result"))) {
      return result(compiled.run(inputs));
    }
  }

  private static Tensor result(Map<String, Tensor> outputs) {
    Tensor tensor = outputs.get("result");
    assertThat(tensor).isNotNull();
    return tensor;
  }

  /** 0, 1, 2 and so on, scaled to lie in [0, 1). */
  private static Tensor ramp(long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) i / size;
    }
    return Tensor.of(values, shape);
  }

  private Value table() {
    return builder.parameter("table", Shape.of(64, 64));
  }

  private static Weights tableWeights() {
    return Weights.of(Map.of("table", ramp(64, 64)));
  }

  // --- what others set

  @Test
  void theCallersOwnSettingsOfTheEngineStay() {
    table().square().named("result");
    boolean before = JniUtils.isGradMode();
    try {
      for (boolean recording : new boolean[] {true, false}) {
        JniUtils.setGradMode(recording);

        run(backend, builder.build(), tableWeights(), Map.of());

        assertThat(JniUtils.isGradMode()).isEqualTo(recording);
      }
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  // --- threads, devices and versions

  @Test
  void backendsThatAreOpenAtTheSameTimeAgreeOnThreads() {
    BackendConfig two = BackendConfig.defaults().withThreads(2);

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> new DjlBackendFactory().create(two))
        .withMessage(
            "djl cannot use 2 threads: PyTorch has one setting per process, and a backend that is"
                + " open uses 1; close that one first, or ask for 1");
    backend.close();
    backend.close();
    try (Backend later = new DjlBackendFactory().create(two)) {
      assertThat(later.config().threads()).isEqualTo(2);
      table().mul(1).named("result");
      assertBitEqual("table", run(later, builder.build(), tableWeights(), Map.of()), ramp(64, 64));
    }
  }

  @Test
  void cudaIsRefusedByABuildForCpuOnly() {
    BackendConfig config = BackendConfig.defaults().withDevice("cuda:0");
    assumeTrue(backend.devices().equals(List.of("cpu")), "this PyTorch runs on CUDA");

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> new DjlBackendFactory().create(config))
        .withMessageStartingWith("djl cannot use device 'cuda:0': ");
    assertThat(backend.capabilities())
        .containsExactlyInAnyOrder(Capability.DOUBLE_PRECISION, Capability.NATIVE_GRADIENTS);
  }

  @Test
  void theVersionIsTheEngines() {
    assertThat(backend.name()).isEqualTo("djl");
    assertThat(backend.version()).isEqualTo("PyTorch 2.7.1");
  }

  @Test
  void theEnginesSwitchesForEveryoneArePutBack() {
    System.setProperty("ai.djl.offline", "false");
    try {
      new DjlBackendFactory().create(BackendConfig.defaults()).close();

      assertThat(System.getProperty("ai.djl.offline")).isEqualTo("false");
      assertThat(System.getProperty("OPT_OUT_TRACKING")).isNull();
    } finally {
      System.clearProperty("ai.djl.offline");
    }
  }
}
