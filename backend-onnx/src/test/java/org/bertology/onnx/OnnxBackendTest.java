package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bertology.api.contract.TensorComparison.assertClose;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.contract.OpCase;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What this engine's traps would break, beyond the contract of all backends. */
final class OnnxBackendTest {
  /** Float32 sums of a few thousand numbers of one sign. */
  private static final double TOLERANCE = 1e-5;

  private final OnnxBackend backend =
      (OnnxBackend) new OnnxBackendFactory().create(BackendConfig.defaults());
  private final GraphBuilder builder = new GraphBuilder();

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

  // --- weights that are not in the model

  @Test
  void moreThanTwoGibibytesOfWeightsAreUsedWhereTheyAre(@TempDir Path directory)
      throws IOException {
    int rows = 200_000_000;
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch"));
    Map<String, Tensor> tables = new HashMap<>();
    List<Value> found = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tables.put("table" + i, sparse(directory.resolve("table" + i), rows, i + 1));
      found.add(builder.parameter("table" + i, Shape.of(rows, 1)).gather(ids));
    }
    builder.concat(-1, found).named("result");

    Tensor result =
        run(
                backend,
                builder.build(),
                Weights.of(tables),
                Map.of("ids", Tensor.of(new long[] {0, rows - 1}, 2)))
            .get("result");

    assertThat(result.toFloats()).containsExactly(0, 0, 0, 1, 2, 3);
  }

  /** A column of zeros with one number at its end, in a file without blocks for the zeros. */
  private static Tensor sparse(Path file, int rows, float last) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(number.putFloat(last).flip(), (rows - 1) * 4L);
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, rows * 4L);
      return Tensor.of(DType.F32, new long[] {rows, 1}, mapped);
    }
  }

  // --- optimizers

  @Test
  void zerosBetweenTranspositionsAreOnTheirAxis() {
    builder
        .input("x", ElementType.FLOAT, Shape.of("batch", 2, "sequence"))
        .transpose(1, 0, 2)
        .pad(2, 1, Dim.of("sequence").times(Dim.of(3)))
        .transpose(1, 0, 2)
        .named("result");
    Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[] {1, 2, 3, 4}, 1, 2, 2));

    Tensor result = run(backend, builder.build(), Models.NO_WEIGHTS, inputs).get("result");

    assertThat(result.toFloats()).containsExactly(0, 1, 2, 0, 0, 0, 0, 3, 4, 0, 0, 0);
  }

  // --- threads

  @Test
  void additionsToOneRowDoNotRaceOnSeveralThreads() {
    int entries = 4_000;
    Value indices = builder.input("indices", ElementType.INT, Shape.of("entries"));
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("entries", 768));
    x.scatterAdd(indices, Dim.of(2)).named("result");
    Map<String, Tensor> inputs =
        Map.of(
            "indices", Tensor.of(new long[entries], entries),
            "x", Tensor.filled(1, entries, 768));

    try (Backend threaded =
            new OnnxBackendFactory().create(BackendConfig.defaults().withThreads(4));
        CompiledGraph graph =
            threaded.compile(builder.build(), Models.NO_WEIGHTS, List.of("result"))) {
      for (int run = 0; run < 20; run++) {
        float[] sums = graph.run(inputs).get("result").toFloats();

        assertThat(sums[0]).isEqualTo(entries);
        assertThat(sums[767]).isEqualTo(entries);
        assertThat(sums[768]).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.bertology.api.contract.OpCases#all")
  void everyOperationEqualsTheReferenceOnTwoThreads(OpCase c) {
    Graph graph = c.graph();
    Weights weights = c.weights(graph);
    Map<String, Tensor> inputs = c.inputs(graph, Map.of("batch", 2L, "sequence", 3L));
    BackendConfig config = BackendConfig.defaults().withThreads(2);
    try (Backend threaded = new OnnxBackendFactory().create(config);
        Backend reference = new ReferenceBackend()) {
      Tensor expected = run(reference, graph, weights, inputs).get("result");

      Tensor actual = run(threaded, graph, weights, inputs).get("result");

      assertClose(c.toString(), actual, expected, TOLERANCE);
    }
  }

  // --- files

  @Test
  void theTemporaryDirectoryIsRemoved() throws IOException {
    ExternalFolder folder = new ExternalFolder();
    Path path = folder.path();
    assertThat(path.resolve("empty")).isEmptyFile();

    folder.close();

    assertThat(path).doesNotExist();
  }

  // --- versions

  @Test
  void theVersionIsTheEngines() {
    assertThat(backend.name()).isEqualTo("onnx");
    assertThat(backend.version()).isEqualTo("ONNX Runtime 1.28.0");
  }
}
