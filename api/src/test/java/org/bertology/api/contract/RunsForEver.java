package org.bertology.api.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/**
 * A program that computes on daemon threads, with the engine of its first argument, until it ends
 * in the way that the second one names.
 */
final class RunsForEver {
  /** How a program may end, and the status that the caller sees. */
  enum End {
    EXIT(7),
    RETURN(0),
    SIGNAL(128 + 15);

    final int status;

    End(int status) {
      this.status = status;
    }
  }

  /** The line that says that all threads are at it. */
  static final String COMPUTING = "computing";

  private static final int THREADS = 4;

  /** A run of about a second: Java waits for a third of one until native code returns. */
  private static final int OPERATIONS = 40;

  private static final int BATCH = 512;
  private static final int FEATURES = 512;

  private RunsForEver() {}

  public static void main(String[] arguments) throws Exception {
    BackendFactory factory =
        (BackendFactory) Class.forName(arguments[0]).getConstructor().newInstance();
    // Two threads for each run, so that some of an engine's pool are at work in the end.
    List<CompiledGraph> graphs = graphs(factory.create(BackendConfig.defaults().withThreads(2)));
    CountDownLatch computing = new CountDownLatch(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      CompiledGraph graph = graphs.get(thread % graphs.size());
      Thread runner = new Thread(() -> runForEver(graph, computing));
      runner.setDaemon(true);
      runner.start();
    }
    computing.await();
    System.out.println(COMPUTING);
    end(End.valueOf(arguments[1]));
  }

  /**
   * One without gradients and, where the engine has its own, one with; nobody holds the backend.
   */
  private static List<CompiledGraph> graphs(Backend backend) {
    Differentiation byX = new Differentiation("loss", List.of("x"));
    Graph graph = Gradients.deferred(chain(), byX);
    Weights weights = Weights.of(Map.of("w", zeros(FEATURES)));
    List<CompiledGraph> graphs = new ArrayList<>();
    graphs.add(backend.compile(graph, weights, List.of("loss")));
    if (backend.capabilities().contains(Capability.NATIVE_GRADIENTS)) {
      graphs.add(backend.compile(graph, weights, byX.gradients(), byX));
    }
    return graphs;
  }

  private static Graph chain() {
    GraphBuilder builder = new GraphBuilder();
    Value w = builder.parameter("w", Shape.of(FEATURES, FEATURES));
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", FEATURES));
    Value y = x;
    for (int i = 0; i < OPERATIONS; i++) {
      y = y.linear(w).gelu().add(x).matmul(y, false, true).softmax().matmul(x);
    }
    y.sum(1).sum(0).named("loss");
    return builder.build();
  }

  private static Tensor zeros(int rows) {
    return Tensor.of(new float[rows * FEATURES], rows, FEATURES);
  }

  private static void runForEver(CompiledGraph graph, CountDownLatch computing) {
    Map<String, Tensor> inputs = Map.of("x", zeros(BATCH));
    try {
      while (true) {
        graph.run(inputs);
        computing.countDown();
      }
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void end(End end) throws InterruptedException {
    switch (end) {
      case EXIT -> System.exit(end.status);
      case RETURN -> {}
      case SIGNAL -> Thread.sleep(Long.MAX_VALUE);
    }
  }
}
