package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;
import static org.bertology.api.contract.TensorComparison.assertClose;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.CompiledGraph;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How engines keep weights: as they are, wherever the host has them, once per instance, as long as
 * a graph needs them and no longer.
 */
public abstract class WeightContract extends EngineContract {
  /** Float32 sums of a few thousand numbers of one sign. */
  private static final double TOLERANCE = 1e-5;

  /** Less than one copy of the largest weight here. */
  private static final long GROWTH_IN_KILOBYTES = 100_000;

  private GraphBuilder builder = new GraphBuilder();

  protected WeightContract(BackendFactory factory) {
    super(factory, BackendConfig.defaults());
  }

  @BeforeEach
  void startAnotherGraph() {
    builder = new GraphBuilder();
  }

  /** How many weights an open backend holds for the graphs that it compiled so far. */
  protected abstract int uploaded(Backend opened);

  /** 4,096 numbers: more than engines write into their graphs, so that they keep it beside them. */
  private Value large() {
    return builder.parameter("large", Shape.of(64, 64));
  }

  private static Weights largeWeights() {
    return Weights.of(Map.of("large", ramp(64, 64)));
  }

  // --- values

  private void assertEqualsReference(Map<String, Tensor> inputs) {
    Graph graph = builder.build();
    try (Backend reference = new ReferenceBackend()) {
      Tensor expected = result(reference, graph, largeWeights(), inputs);

      Tensor actual = result(backend, graph, largeWeights(), inputs);

      assertClose("result", actual, expected, TOLERANCE);
    }
  }

  @Test
  void whatDependsOnWeightsAloneIsComputedFromTheirValues() {
    large().square().sum(0).sum(1).named("result");

    assertEqualsReference(Map.of());
  }

  @Test
  void aSmallPieceOfALargeWeightHasItsValues() {
    large().slice(0, 3).slice(1, 5, Dim.of(2)).mul(2).named("result");

    assertEqualsReference(Map.of());
  }

  @Test
  void aTransposedWeightHasItsValues() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 64));
    x.matmul(large().transpose(1, 0)).named("result");

    assertEqualsReference(Map.of("x", ramp(2, 64)));
  }

  @Test
  void aScaledAndReshapedWeightHasItsValues() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 2048));
    x.linear(large().mul(0.5).reshape(Shape.of(2, 2048)).exp()).named("result");

    assertEqualsReference(Map.of("x", ramp(3, 2048)));
  }

  @Test
  void oneWeightIsBothTableAndDecoder() {
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch", "sequence"));
    large().gather(ids).linear(large()).linearTransposed(large()).named("result");

    assertEqualsReference(Map.of("ids", Tensor.of(new long[] {0, 63, 7, 7}, 2, 2)));
  }

  @Test
  void mappedWeightsAtOddOffsetsAreRead(@TempDir Path directory) throws IOException {
    Tensor expected = ramp(64, 64);
    Path file = directory.resolve("weights");
    ByteBuffer content = ByteBuffer.allocate(77 + 64 * 64 * 4).order(ByteOrder.LITTLE_ENDIAN);
    content.position(77).put(expected.bytes());
    Files.write(file, content.array());
    large().mul(1).named("result");

    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).position(77);
      Weights weights = Weights.of(Map.of("large", Tensor.of(DType.F32, expected.shape(), mapped)));

      Tensor actual = result(backend, builder.build(), weights, Map.of());

      assertBitEqual("result", actual, expected);
    }
  }

  // --- copies

  @Test
  void aWeightIsUploadedOnceForAllGraphs() {
    Weights weights = largeWeights();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 64));
    x.linear(large()).named("forward");
    x.linearTransposed(large()).named("backward");
    try (Backend own = open()) {
      own.compile(builder.build(), weights, List.of("forward"));
      own.compile(builder.build(), weights, List.of("backward"));
      int afterOneInstance = uploaded(own);
      own.compile(builder.build(), largeWeights(), List.of("forward"));

      assertThat(afterOneInstance).isEqualTo(1);
      assertThat(uploaded(own)).isEqualTo(2);
      assertThat(weights.names()).containsExactly("large");
    }
  }

  @Test
  void graphsShareTheMemoryOfAWeight() throws Exception {
    MemoryContract.requireResidentMemory();
    int rows = 4_000_000;
    Weights weights = Weights.of(Map.of("wide", Tensor.filled(1, rows, 16))); // 256 MB
    builder.parameter("wide", Shape.of(rows, 16)).slice(0, 0).sumAll().named("result");
    Graph graph = builder.build();
    try (Backend own = open()) {
      assertSixteen(own.compile(graph, weights, List.of("result")));
      long withOne = MemoryContract.residentKilobytes();

      for (int i = 0; i < 5; i++) {
        assertSixteen(own.compile(graph, weights, List.of("result")));
      }

      assertThat(MemoryContract.residentKilobytes() - withOne).isLessThan(GROWTH_IN_KILOBYTES);
    }
  }

  private static void assertSixteen(CompiledGraph graph) {
    assertThat(output(graph.run(Map.of()), "result").toFloats()).containsExactly(16);
  }

  @Test
  void weightsThatNobodyUsesAnyMoreAreReleased() throws Exception {
    large().square().named("result");
    try (Backend own = open()) {
      result(own, builder.build(), largeWeights(), Map.of());

      for (int attempt = 0; attempt < 50 && uploaded(own) > 0; attempt++) {
        System.gc();
        Thread.sleep(20);
      }

      assertThat(uploaded(own)).isZero();
    }
  }

  @Test
  void weightsOfAnOpenGraphKeepTheirMemory() {
    large().mul(1).named("result");
    // From doubles too, of which nobody but the engine holds the float32 copy.
    for (Tensor tensor : List.of(ramp(64, 64), ramp(64, 64).toFloat64())) {
      try (CompiledGraph graph =
          backend.compile(
              builder.build(), Weights.of(Map.of("large", tensor)), List.of("result"))) {
        churnDirectMemory();

        assertBitEqual("large", output(graph.run(Map.of()), "result"), ramp(64, 64));
      }
    }
  }

  // --- weights that are not there when they are needed

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aCompilationThatFailsHalfwayReleasesWhatItMade() {
    large().square().named("result");
    Graph graph = builder.build();

    assertThatIllegalStateException()
        .isThrownBy(() -> backend.compile(graph, new LostWeights(), List.of("result")))
        .withMessage("the file is gone");
    assertThat(result(backend, graph, largeWeights(), Map.of()).size()).isEqualTo(64 * 64);
  }

  private static final class LostWeights implements Weights {
    @Override
    public Set<String> names() {
      return Set.of("large");
    }

    @Override
    public long[] shape(String name) {
      return new long[] {64, 64};
    }

    @Override
    public Tensor get(String name) {
      throw new IllegalStateException("the file is gone");
    }
  }
}
