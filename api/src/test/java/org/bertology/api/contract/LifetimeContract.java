package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;

import java.util.List;
import java.util.Map;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

/** What outlives what: closed things say so, and take nothing along that others still need. */
public abstract class LifetimeContract extends EngineContract {
  protected LifetimeContract(BackendFactory factory) {
    super(factory, BackendConfig.defaults());
  }

  @Test
  void aClosedGraphSaysSo() {
    CompiledGraph graph = backend.compile(lookup(), table(), List.of("result"));

    graph.close();
    graph.close();

    assertClosed(graph);
  }

  @Test
  void aClosedBackendHasClosedItsGraphsAndCompilesNoMore() {
    Backend own = open();
    CompiledGraph first = own.compile(lookup(), table(), List.of("result"));
    CompiledGraph second = own.compile(lookup(), table(), List.of("result"));
    first.close();

    own.close();
    own.close();

    assertClosed(first);
    assertClosed(second);
    second.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> own.compile(lookup(), table(), List.of("result")))
        .withMessage("the %s backend is closed; open another one", own.name());
  }

  @Test
  void closingOneBackendLeavesAnotherOpen() {
    Backend own = open();
    own.close();

    assertLookup(run(lookup(), table(), List.of("result"), lookupInputs(ids(3, 0), x())));
  }

  private void assertClosed(CompiledGraph graph) {
    assertThatIllegalStateException()
        .isThrownBy(() -> graph.run(lookupInputs(ids(3, 0), x())))
        .withMessage(closedMessage());
  }

  @Test
  void graphsOfTheSameWeightsLiveIndependently() {
    Weights weights = table();
    CompiledGraph first = backend.compile(lookup(), weights, List.of("result"));
    CompiledGraph second = backend.compile(lookup(), weights, List.of("result"));
    Map<String, Tensor> inputs = lookupInputs(ids(3, 0), x());
    assertLookup(first.run(inputs));

    first.close();

    assertLookup(second.run(inputs));
    second.close();
    assertLookup(run(lookup(), weights, List.of("result"), inputs));
  }

  @Test
  void resultsOutliveTheGraphAndTheBackend() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 64)).named("x-itself");
    builder.parameter("w", Shape.of(64, 64)).named("w-itself");
    x.mul(2).named("twice");
    List<String> asked = List.of("x-itself", "w-itself", "twice");
    Weights weights = Weights.of(Map.of("w", ramp(64, 64)));
    Backend own = open();
    Map<String, Tensor> outputs;
    try (CompiledGraph graph = own.compile(builder.build(), weights, asked)) {
      outputs = graph.run(Map.of("x", ramp(64, 64)));
    }

    own.close();
    churnDirectMemory();

    assertThat(output(outputs, "x-itself").toFloats()[4095]).isEqualTo(4095f / 4096);
    assertThat(output(outputs, "w-itself").toFloats()[4095]).isEqualTo(4095f / 4096);
    assertThat(output(outputs, "twice").toFloats()[4095]).isEqualTo(2 * 4095f / 4096);
  }

  @Test
  void aRunThatFailedLeavesNothingForTheNextOne() {
    GraphBuilder builder = new GraphBuilder();
    Value numbers = builder.input("numbers", ElementType.FLOAT, Shape.of("batch"));
    builder
        .parameter("table", Shape.of(4, 2))
        .gather(numbers.cast(ElementType.INT))
        .named("result");
    try (CompiledGraph graph = backend.compile(builder.build(), table(), List.of("result"))) {
      Tensor expected = output(graph.run(floats("numbers", 1, 3)), "result");
      for (int run = 0; run < 50; run++) {
        assertThatExceptionOfType(BackendException.class)
            .isThrownBy(() -> graph.run(floats("numbers", 7)));

        assertBitEqual(
            "after a failure", output(graph.run(floats("numbers", 1, 3)), "result"), expected);
      }
    }
  }
}
