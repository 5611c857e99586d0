package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.bertology.api.contract.TensorComparison.assertClose;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.GraphExporter;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.PlainModel;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.rewrite.Narrowing;
import org.bertology.api.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every exporter promises: a file gives the values of the graph, whatever the geometry, the
 * batch and the length; it takes all inputs, and needs nothing but itself.
 */
public abstract class ExportContract {
  /** float32, relative to the largest entry. */
  private static final double TOLERANCE = 2e-5;

  private static final int LABELS = 3;

  private final BackendFactory factory;

  @TempDir protected Path directory;

  protected ExportContract(BackendFactory factory) {
    this.factory = factory;
  }

  /** A backend of the kind under test. */
  protected final Backend open() {
    return factory.create(BackendConfig.defaults());
  }

  /** What writes and loads files; the usual one unless a test overrides this. */
  protected GraphExporter exporter(Backend backend) {
    return backend.exporter().orElseThrow();
  }

  /** A model with random weights, as it goes into a file. */
  protected static GraphExport export(TransformerConfig config, Task task, Set<Part> parts) {
    PlainModel model = PlainModel.of(config, task, parts);
    List<String> outputs = List.copyOf(model.outputs().keySet());
    return new GraphExport(
        Narrowing.of(model.graph(), outputs),
        TinyModels.weights(model.graph(), outputs),
        model.inputs(),
        outputs,
        "a tiny model",
        Map.of("a key", "its text"));
  }

  /** What a file of that model takes, for examples of the given lengths. */
  protected static Map<String, Tensor> inputs(GraphExport export, int... lengths) {
    ModelInputs batch = new ModelInputs(TinyModels.ids(lengths), TinyModels.types(lengths), 0);
    Map<String, Tensor> inputs = new HashMap<>(batch.tensors());
    inputs.put(PlainModel.ATTENTION_MASK, batch.attentionMask());
    inputs.put(
        PlainModel.HEAD_MASK, Tensor.of(new float[] {1, 0, 0.5f, 9, 9, 9, 0.25f, 9, 9}, 3, 3));
    inputs.keySet().retainAll(export.inputs());
    return inputs;
  }

  /** Writes a file with one backend. */
  protected final Path written(GraphExport export) {
    Path file = directory.resolve("model." + System.nanoTime());
    try (Backend backend = open()) {
      exporter(backend).write(export, file);
    }
    return file;
  }

  /** Asserts that a file gives the values of its graph for batches of several shapes. */
  protected final void assertSameValues(GraphExport export, Path file) {
    try (Backend backend = open();
        Backend reference = new ReferenceBackend();
        ExportedGraph exported = exporter(backend).open(file);
        CompiledGraph expected = compile(reference, export)) {
      for (int[] lengths : new int[][] {{3, 7, 1}, {1}, {TinyModels.POSITIONS, 2}, {4, 4, 4, 4}}) {
        assertSameValues(exported, expected, inputs(export, lengths), export.outputs());
      }
    }
  }

  private static CompiledGraph compile(Backend reference, GraphExport export) {
    return reference.compile(export.graph(), export.weights(), export.outputs());
  }

  private static void assertSameValues(
      ExportedGraph exported,
      CompiledGraph expected,
      Map<String, Tensor> inputs,
      List<String> outputs) {
    Map<String, Tensor> needed = new HashMap<>(inputs);
    needed.keySet().retainAll(expected.inputs().keySet());
    Map<String, Tensor> wanted = expected.run(needed);

    Map<String, Tensor> results = exported.run(inputs);

    assertThat(new ArrayList<>(results.keySet())).containsExactlyInAnyOrderElementsOf(outputs);
    wanted.forEach(
        (name, tensor) -> assertClose(name, results.getOrDefault(name, tensor), tensor, TOLERANCE));
  }

  @Test
  void filesGiveTheValuesOfAnUnevenModelWithAllItsParts() {
    Set<Part> parts = EnumSet.of(Part.ATTENTIONS, Part.HIDDEN_STATES, Part.HEAD_MASK);
    GraphExport export = export(TinyModels.uneven(LABELS), Task.SEQUENCE_CLASSIFICATION, parts);

    Path file = written(export);

    assertThat(export.outputs())
        .containsExactly(
            "logits",
            "hidden_states.0",
            "hidden_states.1",
            "hidden_states.2",
            "hidden_states.3",
            "attentions.0",
            "attentions.2");
    assertSameValues(export, file);
  }

  @ParameterizedTest
  @MethodSource("org.bertology.api.contract.TinyModels#tasks")
  void filesGiveTheValuesOfEveryTask(Task task) {
    TransformerConfig config = TinyModels.uneven(task);
    Set<Part> parts = task == Task.ENCODER ? Set.of(Part.POOLER) : Set.of();
    GraphExport export = export(config, task, parts);

    Path file = written(export);

    assertSameValues(export, file);
  }

  @Test
  void inputsOnWhichNothingDependsAreTaken() {
    GraphExport export =
        export(TinyModels.headless(LABELS), Task.SEQUENCE_CLASSIFICATION, Set.of());

    Path file = written(export);

    assertThat(inputs(export, 2)).containsKey(PlainModel.ATTENTION_MASK);
    assertSameValues(export, file);
  }

  @Test
  void sequencesBeyondThePositionsFail() {
    GraphExport export = export(TinyModels.uneven(LABELS), Task.SEQUENCE_CLASSIFICATION, Set.of());
    Path file = written(export);
    try (Backend backend = open();
        ExportedGraph exported = exporter(backend).open(file)) {
      Map<String, Tensor> inputs = inputs(export, TinyModels.POSITIONS + 1);

      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> exported.run(inputs))
          .withMessageStartingWith(backend.name() + " could not run the file");
    }
  }

  @Test
  void aClosedFileSaysSo() {
    GraphExport export = export(TinyModels.uneven(LABELS), Task.SEQUENCE_CLASSIFICATION, Set.of());
    Path file = written(export);
    try (Backend backend = open()) {
      ExportedGraph exported = exporter(backend).open(file);
      exported.close();

      assertThatIllegalStateException()
          .isThrownBy(() -> exported.run(inputs(export, 2)))
          .withMessage("this file on %s is closed; open another one".formatted(backend.name()));
    }
  }

  @Test
  void whatIsNoSuchFileIsRefused() {
    try (Backend backend = open()) {
      Path missing = directory.resolve("missing");

      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> exporter(backend).open(missing))
          .withMessageStartingWith("%s could not load '%s'".formatted(backend.name(), missing));
    }
  }
}
