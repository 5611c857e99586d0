package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends while the engine computes ends as it was told to, not in a crash. */
final class TensorFlowExitTest {
  private static final int STATUS = 7;

  @RepeatedTest(3)
  void aProcessMayEndInTheMiddleOfARun(@TempDir Path directory) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RunsForEver.class.getName())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();

    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();

    assertThat(ended).isTrue();
    assertThat(process.exitValue()).isEqualTo(STATUS);
    assertThat(directory.toFile().listFiles((File at, String name) -> name.startsWith("hs_err")))
        .isEmpty();
  }

  /** Computes on two threads and ends the process beside them. */
  static final class RunsForEver {
    private RunsForEver() {}

    public static void main(String[] args) throws InterruptedException {
      GraphBuilder builder = new GraphBuilder();
      Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 512));
      Value y = x;
      for (int i = 0; i < 20; i++) {
        y = y.matmul(x, false, true).matmul(x).softmax();
      }
      y.named("y");
      // Without the backend's care for the end, threads of the engine's pool crash now and then.
      Backend backend =
          new TensorFlowBackendFactory().create(BackendConfig.defaults().withThreads(2));
      CompiledGraph graph = backend.compile(builder.build(), Ramp.NO_WEIGHTS, List.of("y"));
      Map<String, Tensor> inputs = Map.of("x", Ramp.of(512, 512));
      CountDownLatch running = new CountDownLatch(2);
      for (int thread = 0; thread < 2; thread++) {
        new Thread(
                () -> {
                  while (true) {
                    graph.run(inputs);
                    running.countDown();
                  }
                })
            .start();
      }
      running.await();
      System.exit(STATUS);
    }
  }
}
