package org.bertology.djl;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** A program that computes on daemon threads until it ends, in the way that its argument names. */
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

  /**
   * Small operations, so that the end comes between two of them; so many of them that a run lasts
   * for a second, since Java waits for a third of one until native code returns.
   */
  private static final int OPERATIONS = 200;

  private static final int BATCH = 512;
  private static final int FEATURES = 16;

  private RunsForEver() {}

  public static void main(String[] arguments) throws InterruptedException {
    List<CompiledGraph> graphs = graphs();
    CountDownLatch computing = new CountDownLatch(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      CompiledGraph graph = graphs.get(thread % graphs.size());
      Thread runner = new Thread(() -> runForEver(graph, computing));
      runner.setDaemon(true);
      runner.start();
    }
    computing.await();
    System.out.println(COMPUTING);
    end(End.valueOf(arguments[0]));
  }

  /** One with gradients and one without; nobody holds their backend. */
  private static List<CompiledGraph> graphs() {
    Differentiation differentiation = new Differentiation("loss", List.of("x"));
    Graph graph = Gradients.deferred(chain(), differentiation);
    Weights weights = Weights.of(Map.of("w", zeros(FEATURES)));
    Backend backend = new DjlBackendFactory().create(BackendConfig.defaults());
    return List.of(
        backend.compile(graph, weights, List.of("loss")),
        backend.compile(graph, weights, differentiation.gradients(), differentiation));
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
