package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends while the engine computes ends as it was told to, not in a crash. */
public abstract class ExitContract {
  private static final int STATUS = 7;

  private final Class<? extends BackendFactory> factory;

  /**
   * The contract of what a factory creates.
   *
   * @param factory public, with a constructor without parameters
   */
  protected ExitContract(Class<? extends BackendFactory> factory) {
    this.factory = factory;
  }

  @RepeatedTest(3)
  void aProcessMayEndInTheMiddleOfARun(@TempDir Path directory) throws Exception {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RunsForEver.class.getName(),
                factory.getName())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();

    assertThat(ended).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(STATUS);
    assertThat(directory.toFile().listFiles((File at, String name) -> name.startsWith("hs_err")))
        .isEmpty();
  }

  /** Computes on two threads and ends the process beside them. */
  static final class RunsForEver {
    private RunsForEver() {}

    public static void main(String[] args) throws Exception {
      GraphBuilder builder = new GraphBuilder();
      Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 512));
      Value y = x;
      for (int i = 0; i < 20; i++) {
        y = y.matmul(x, false, true).matmul(x).softmax();
      }
      y.named("y");
      // Two threads for each run, so that some of an engine's pool are at work in the end.
      BackendFactory factory =
          (BackendFactory) Class.forName(args[0]).getConstructor().newInstance();
      Backend backend = factory.create(BackendConfig.defaults().withThreads(2));
      CompiledGraph graph = backend.compile(builder.build(), Weights.of(Map.of()), List.of("y"));
      Map<String, Tensor> inputs = Map.of("x", EngineContract.ramp(512, 512));
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
