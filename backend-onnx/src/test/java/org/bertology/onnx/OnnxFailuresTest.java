package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import org.bertology.api.backend.BackendException;
import org.junit.jupiter.api.Test;

final class OnnxFailuresTest {
  @Test
  void aFailureNamesTheEngineTheActionAndTheHook() {
    OrtException cause =
        new OrtException("while running Add node. Name:'layer.3.attention.scores/Add.2' bad");

    BackendException failure = OnnxFailures.failure("run the graph", cause);

    assertThat(failure)
        .hasMessage(
            "onnx could not run the graph at 'layer.3.attention.scores': while running Add node."
                + " Name:'layer.3.attention.scores/Add.2' bad")
        .hasCause(cause);
  }

  @Test
  void aFailureOfNoNodeNamesNoHook() {
    OrtException cause = new OrtException("out of memory");

    assertThat(OnnxFailures.failure("compile the graph", cause))
        .hasMessage("onnx could not compile the graph: out of memory");
  }
}
