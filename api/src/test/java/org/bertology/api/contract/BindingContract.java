package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

/**
 * What crosses the boundary: what is wrong is refused with one message before the engine sees it,
 * and a graph that refused something goes on working.
 */
public abstract class BindingContract extends EngineContract {
  protected BindingContract(BackendFactory factory) {
    super(factory, BackendConfig.defaults());
  }

  @Test
  void doublesAndNarrowIntegersAreAccepted() {
    Weights doubles =
        Weights.of(Map.of("table", Tensor.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, 4, 2)));
    Tensor ids = Tensor.of(new int[] {3, 0}, 1, 2);

    assertLookup(run(lookup(), doubles, List.of("result"), lookupInputs(ids, x().toFloat64())));
  }

  @Test
  void tensorsOnTheHeapAndInsideOtherBuffersAreAccepted() {
    Tensor ids = onHeap(ids(3, 0));
    Tensor x = onHeap(x());
    Weights weights = Weights.of(Map.of("table", onHeap(table().get("table"))));

    assertLookup(run(lookup(), weights, List.of("result"), lookupInputs(ids, x)));
  }

  /** The same tensor in heap memory, behind an odd number of other bytes. */
  private static Tensor onHeap(Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(tensor.bytes().remaining() + 3);
    bytes.order(ByteOrder.LITTLE_ENDIAN).position(3).put(tensor.bytes());
    return Tensor.of(tensor.type(), tensor.shape(), bytes.position(3));
  }

  @Test
  void wrongInputsAreRefusedWithOneMessageAndTheGraphStaysUsable() {
    try (CompiledGraph graph = backend.compile(lookup(), table(), List.of("result"))) {
      Map<String, Tensor> superfluous = lookupInputs(ids(3, 0), x());
      superfluous.put("extra", x());

      refused(
          graph,
          Map.of("ids", ids(3, 0)),
          "input 'x' FLOAT [batch, sequence, 2] is missing; given: [ids]");
      refused(graph, superfluous, "this graph has no input 'extra'; it takes [ids, x]");
      refused(
          graph,
          lookupInputs(x(), x()),
          "input 'ids' must be INT [batch, sequence], got F32[1, 2, 2]");
      refused(
          graph,
          lookupInputs(ids(3, 0), ids(3, 0)),
          "input 'x' must be FLOAT [batch, sequence, 2], got I64[1, 2]");
      refused(
          graph,
          lookupInputs(Tensor.of(new boolean[] {true}, 1, 1), x()),
          "input 'ids' must be INT [batch, sequence], got BOOL[1, 1]");
      refused(
          graph,
          lookupInputs(ids(3, 0), x().reshaped(2, 2)),
          "input 'x' must have shape [batch, sequence, 2], got [2, 2]");
      refused(
          graph,
          lookupInputs(ids(3), x().reshaped(1, 1, 4)),
          "input 'x' must have shape [batch, sequence, 2], got [1, 1, 4]");
      refused(
          graph,
          lookupInputs(ids(3, 0, 1), x()),
          "'sequence' is 3 in input 'ids' but 2 in input 'x'");
      refused(
          graph,
          lookupInputs(Tensor.of(new long[0], 0, 2), Tensor.of(new float[0], 0, 2, 2)),
          "'batch' is 0 in input 'ids'; there is nothing to compute");

      assertLookup(graph.run(lookupInputs(ids(3, 0), x())));
    }
  }

  @Test
  void indicesOutsideTheTableAreRefused() {
    try (CompiledGraph graph = backend.compile(lookup(), table(), List.of("result"))) {
      refused(
          graph,
          lookupInputs(ids(3, -1), x()),
          "input 'ids' holds -1 at position 1; it must lie in [0, 4)");
      refused(
          graph,
          lookupInputs(ids(4, 0), x()),
          "input 'ids' holds 4 at position 0; it must lie in [0, 4)");
      refused(
          graph,
          lookupInputs(Tensor.of(new int[] {0, 4}, 1, 2), x()),
          "input 'ids' holds 4 at position 1; it must lie in [0, 4)");

      assertLookup(graph.run(lookupInputs(ids(3, 0), x())));
    }
  }

  @Test
  void extentsThatDoNotFitTheGraphAreRefused() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence"));
    Value flat =
        builder.input(
            "flat", ElementType.FLOAT, Shape.of(Dim.of("batch").times(Dim.of("sequence"))));
    x.slice(1, 2).named("third");
    x.pad(1, 1, Dim.of(4)).named("padded");
    x.reshape(flat.shape()).add(flat).named("sum");
    Graph model = builder.build();
    Tensor twoByTwo = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor oneByFour = twoByTwo.reshaped(1, 4);

    try (CompiledGraph third = backend.compile(model, NO_WEIGHTS, List.of("third"));
        CompiledGraph padded = backend.compile(model, NO_WEIGHTS, List.of("padded"));
        CompiledGraph sum = backend.compile(model, NO_WEIGHTS, List.of("sum"))) {
      refused(third, Map.of("x", twoByTwo), "Slice [2, 2 + 1) lies outside axis 1 of [2, 2]");
      refused(padded, Map.of("x", oneByFour), "Pad 1 zeros before 4 do not fit into 4");
      Map<String, Tensor> tooLong = new LinkedHashMap<>();
      tooLong.put("x", twoByTwo);
      tooLong.put("flat", Tensor.of(new float[] {1, 2, 3, 4, 5}, 5));
      refused(
          sum,
          tooLong,
          "input 'flat' must have shape [batch*sequence], which is [4] here, got [5]");

      assertThat(output(third.run(Map.of("x", oneByFour)), "third").toDoubles()).containsExactly(3);
    }
  }

  private static void refused(CompiledGraph graph, Map<String, Tensor> inputs, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> graph.run(inputs)).withMessage(message);
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    Weights transposed = Weights.of(Map.of("table", table().get("table").reshaped(2, 4)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(lookup(), NO_WEIGHTS, List.of("result")))
        .withMessage("the weights do not fit the graph; 'table' [4, 2] is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(lookup(), transposed, List.of("result")))
        .withMessage("the weights do not fit the graph; 'table' must be [4, 2], got [2, 4]");
  }

  @Test
  void anUnknownOutputIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(lookup(), table(), List.of("reslut")))
        .withMessage("no value is named 'reslut'; did you mean 'result'?");
  }

  @Test
  void noOutputAtAllIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(lookup(), table(), List.of()))
        .withMessage("no output is asked for; name at least one");
  }

  @Test
  void aSymbolThatNoInputGivesIsRefused() {
    GraphBuilder builder = new GraphBuilder();
    builder.filled(1, Shape.of("unknown")).named("result");
    Graph graph = builder.build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> result(backend, graph, NO_WEIGHTS, Map.of()))
        .withMessage("no input gives the extent of 'unknown'; known: []");
  }

  @Test
  void anOutputThatNoHostTensorHoldsIsRefused() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 1, 64));
    x.broadcast(Shape.of("batch", 1 << 23, 64)).named("result");
    Graph graph = builder.build();
    DType type = Bindings.hostType(ElementType.FLOAT, backend.config().precision());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> result(backend, graph, NO_WEIGHTS, Map.of("x", ramp(2, 1, 64))))
        .withMessage(
            "output 'result' of %s [2, 8388608, 64] needs %d bytes; one tensor holds at most"
                + " 2147483647; run smaller batches",
            type, (1L << 30) * type.bytes());
  }

  // --- what only the engine can see

  @Test
  void computedIndicesOutsideTheTableFailAndNameTheHook() {
    GraphBuilder builder = new GraphBuilder();
    Value numbers = builder.input("numbers", ElementType.FLOAT, Shape.of("batch"));
    Value indices = numbers.cast(ElementType.INT);
    builder.parameter("table", Shape.of(64, 64)).gather(indices).named("rows").mul(2).named("r");
    builder.parameter("column", Shape.of(64)).gather(indices).named("entries").mul(2).named("e");
    numbers.scatterAdd(indices, Dim.of(64)).named("sums").mul(2).named("s");
    Weights weights = Weights.of(Map.of("table", ramp(64, 64), "column", ramp(64)));
    Map<String, String> outputs = Map.of("rows", "r", "entries", "e", "sums", "s");

    outputs.forEach(
        (hook, output) -> {
          try (CompiledGraph graph = backend.compile(builder.build(), weights, List.of(output))) {
            for (float outside : new float[] {-1, -64, -65, 64, 1e9f}) {
              assertThatExceptionOfType(BackendException.class)
                  .as("%s of %s", hook, outside)
                  .isThrownBy(() -> graph.run(floats("numbers", outside)))
                  .withMessageStartingWith(
                      "%s could not run the graph at '%s': ", backend.name(), hook);
            }
            assertThat(graph.run(floats("numbers", 63, 0))).containsOnlyKeys(output);
          }
        });
  }
}
