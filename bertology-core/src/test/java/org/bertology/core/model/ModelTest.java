package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Hooks;
import org.bertology.core.GoldenModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
  private static final String CLASSIFIER = "bert-sequence-classification";

  @TempDir Path directory;

  private static CompiledGraph compile(Model model) {
    return model.compile(model.graph(Set.of()), List.of(Hooks.LOGITS));
  }

  private static WeakReference<CompiledGraph> compiledAndClosed(Model model) {
    try (CompiledGraph graph = compile(model)) {
      return new WeakReference<>(graph);
    }
  }

  @Test
  void closingAModelClosesItsGraphs() {
    CompiledGraph graph;
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      graph = compile(golden.model());
    }

    assertThatIllegalStateException().isThrownBy(() -> graph.run(Map.of()));
  }

  @Test
  @Timeout(60)
  void aGraphThatIsClosedIsNotKept() throws InterruptedException {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      WeakReference<CompiledGraph> graph = compiledAndClosed(golden.model());

      while (graph.get() != null) {
        System.gc();
        Thread.sleep(10);
      }

      assertThat(golden.model().output()).isEqualTo(Hooks.LOGITS);
    }
  }
}
