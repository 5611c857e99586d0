package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * What the contracts share: the backend under test, open while a class of tests runs, and graphs to
 * try it on.
 *
 * <p>Messages name a graph as {@code this graph on NAME} and a backend as {@code the NAME backend},
 * NAME being {@link Backend#name()}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineContract {
  static final Weights NO_WEIGHTS = Weights.of(Map.of());

  final BackendFactory factory;
  private final BackendConfig config;

  @SuppressWarnings("NullAway.Init") // opened before all tests
  Backend backend;

  EngineContract(BackendFactory factory, BackendConfig config) {
    this.factory = factory;
    this.config = config;
  }

  @BeforeAll
  void openBackend() {
    backend = open();
  }

  @AfterAll
  void closeBackend() {
    backend.close();
  }

  /** Another backend like the one under test; the caller closes it. */
  Backend open() {
    return factory.create(config);
  }

  Map<String, Tensor> run(
      Graph graph, Weights weights, List<String> outputs, Map<String, Tensor> inputs) {
    try (CompiledGraph compiled = backend.compile(graph, weights, outputs)) {
      return compiled.run(inputs);
    }
  }

  /** What {@code backend} computes for the value named {@code result}. */
  static Tensor result(Backend backend, Graph graph, Weights weights, Map<String, Tensor> inputs) {
    try (CompiledGraph compiled = backend.compile(graph, weights, List.of("result"))) {
      return output(compiled.run(inputs), "result");
    }
  }

  /** What a graph says that was closed. */
  String closedMessage() {
    return "this graph on %s is closed; open another one".formatted(backend.name());
  }

  static Tensor output(Map<String, Tensor> outputs, String name) {
    Tensor tensor = outputs.get(name);
    assertThat(tensor).as("output '%s'", name).isNotNull();
    return tensor;
  }

  static Map<String, Tensor> floats(String name, float... values) {
    return Map.of(name, Tensor.of(values, values.length));
  }

  /** 0, 1, 2 and so on, scaled to lie in [0, 1). */
  static Tensor ramp(long... shape) {
    float[] values = new float[size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) i / values.length;
    }
    return Tensor.of(values, shape);
  }

  /** Numbers in [−1, 1] that hardly repeat. */
  static Tensor wave(double frequency, long... shape) {
    float[] values = new float[size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(frequency * i + 1);
    }
    return Tensor.of(values, shape);
  }

  private static int size(long[] shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    return size;
  }

  /** Writes over direct memory that nobody holds any more, so that whoever reads it sees it. */
  static void churnDirectMemory() {
    for (int round = 0; round < 20; round++) {
      System.gc();
      for (int i = 0; i < 50; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);
        while (buffer.hasRemaining()) {
          buffer.put((byte) 0x7F);
        }
      }
    }
  }

  // --- a lookup

  /** {@code table[ids] + x} with a table of four rows of two numbers. */
  static Graph lookup() {
    GraphBuilder builder = new GraphBuilder();
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch", "sequence"));
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 2));
    builder.parameter("table", Shape.of(4, 2)).gather(ids).add(x).named("result");
    return builder.build();
  }

  static Weights table() {
    return Weights.of(Map.of("table", Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 4, 2)));
  }

  /** Inputs of {@link #lookup} for batch 1 and sequence 2. */
  static Map<String, Tensor> lookupInputs(Tensor ids, Tensor x) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("ids", ids);
    inputs.put("x", x);
    return inputs;
  }

  static Tensor ids(long... values) {
    return Tensor.of(values, 1, values.length);
  }

  static Tensor x() {
    return Tensor.of(new float[] {0.5f, 0.25f, -0.5f, 1}, 1, 2, 2);
  }

  static void assertLookup(Map<String, Tensor> outputs) {
    assertThat(output(outputs, "result").shape()).containsExactly(1, 2, 2);
    assertThat(output(outputs, "result").toDoubles()).containsExactly(6.5, 7.25, -0.5, 2);
  }

  // --- a perceptron

  /** {@code gelu(x·Wᵀ + b)·Vᵀ}, from 128 numbers over 16 to 128. */
  static Graph perceptron() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 128));
    Value hidden =
        x.linear(builder.parameter("w", Shape.of(16, 128)), builder.parameter("b", Shape.of(16)));
    hidden.gelu().linear(builder.parameter("v", Shape.of(128, 16))).named("y");
    return builder.build();
  }

  static Weights perceptronWeights() {
    return Weights.of(
        Map.of("w", wave(0.37, 16, 128), "b", wave(0.11, 16), "v", wave(0.73, 128, 16)));
  }
}
