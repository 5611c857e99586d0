package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Hooks;
import org.bertology.core.ContentException;
import org.bertology.core.GoldenModel;
import org.bertology.core.run.EncodedExample;
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

  private static EncodedExample example(int index, int id, int type) {
    return new EncodedExample(index, new int[] {2, id}, new int[] {0, type}, Optional.empty());
  }

  @Test
  void tokensWithoutAnEmbeddingAreNamed() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      List<EncodedExample> batch = List.of(example(0, 96, 1), example(1, 97, 0));

      assertThatThrownBy(() -> golden.model().inputs(batch))
          .isInstanceOf(ContentException.class)
          .hasMessage(
              "example 2 has the token id 97, but the model has embeddings for ids from 0 to 96; use the tokenizer that belongs to the model");
    }
  }

  @Test
  void tokenTypesWithoutAnEmbeddingAreNamed() {
    try (GoldenModel golden = new GoldenModel(directory, CLASSIFIER)) {
      assertThatThrownBy(() -> golden.model().inputs(List.of(example(6, 5, 2))))
          .isInstanceOf(ContentException.class)
          .hasMessage(
              "example 7 has the token type 2, but the model has types from 0 to 1 (type_vocab_size in config.json); use a model for pairs of texts, or give it one text per example");
    }
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
