package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bertology.api.backend.BackendException;
import org.junit.jupiter.api.Test;

final class DjlFailuresTest {
  private static final List<String> HOOKS = List.of("graph", "graph", "layer.3.attention.scores");

  @Test
  void aFailureNamesTheEngineTheActionTheHookAndTheReason() {
    RuntimeException cause =
        new IllegalStateException(
            "Traceback of TorchScript\n  File \"code/__torch__.py\", line 3, in forward\n"
                + "RuntimeError: mat1 and mat2 shapes cannot be multiplied\n");

    BackendException failure = DjlFailures.failure("run the graph", HOOKS, cause);

    assertThat(failure)
        .hasMessage(
            "djl could not run the graph at 'layer.3.attention.scores': mat1 and mat2 shapes cannot"
                + " be multiplied")
        .hasCause(cause);
  }

  @Test
  void aFailureOfNoLineNamesNoHook() {
    assertThat(
            DjlFailures.failure("compile the graph", HOOKS, new IllegalStateException("no memory")))
        .hasMessage("djl could not compile the graph: no memory");
    assertThat(
            DjlFailures.failure(
                "compile the graph", HOOKS, new IllegalStateException("line 9 bad")))
        .hasMessage("djl could not compile the graph: line 9 bad");
  }
}
