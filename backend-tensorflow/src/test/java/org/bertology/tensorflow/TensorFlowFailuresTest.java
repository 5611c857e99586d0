package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.bertology.api.backend.BackendException;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFInvalidArgumentException;

final class TensorFlowFailuresTest {
  private static final Map<String, String> HOOKS = Map.of("layer.3/AddV2_2", "layer.3");

  @Test
  void aFailureNamesTheEngineTheActionAndTheHook() {
    TFInvalidArgumentException cause =
        new TFInvalidArgumentException("Incompatible shapes [[{{node layer.3/AddV2_2}}]]");

    RuntimeException failure = TensorFlowFailures.translated("run the graph", HOOKS, cause);

    assertThat(failure)
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "tensorflow could not run the graph at 'layer.3': Incompatible shapes"
                + " [[{{node layer.3/AddV2_2}}]]")
        .hasCause(cause);
  }

  @Test
  void aFailureOfNoKnownNodeNamesNoHook() {
    for (String message : new String[] {"out of memory", "bad [[{{node gradients/Mul}}]]"}) {
      TFInvalidArgumentException cause = new TFInvalidArgumentException(message);

      assertThat(TensorFlowFailures.translated("compile the graph", HOOKS, cause))
          .hasMessage("tensorflow could not compile the graph: " + message);
    }
  }

  @Test
  void whatIsNotTheEnginesIsLeftAsItIs() {
    RuntimeException own = new IllegalArgumentException("no input gives the extent of 'batch'");

    assertThat(TensorFlowFailures.translated("compile the graph", HOOKS, own)).isSameAs(own);
  }
}
