package org.bertology.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bertology.core.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bertology engine-probe}: what {@code doctor} starts for each engine. */
@Command(
    name = EngineProbeCommand.NAME,
    hidden = true,
    description = "Starts one engine for 'doctor' and tells about it.",
    sortOptions = false)
final class EngineProbeCommand implements Callable<Integer> {
  static final String NAME = "engine-probe";

  static final String VERSION = "version";
  static final String DEVICES = "devices";
  static final String CAPABILITIES = "capabilities";
  static final String NATIVES = "natives";

  private final Console console;
  private final Backends backends;

  @Mixin private EngineOptions engine;

  @Inject
  EngineProbeCommand(Console console, Backends backends) {
    this.console = console;
    this.backends = backends;
  }

  @Override
  public Integer call() {
    try {
      Set<String> before = NativeLibraries.loaded();
      try (Backend backend = engine.open(backends)) {
        requireArithmetic(backend);
        console.out().println(WorkerLine.of(answer(backend, before)));
      }
      return ExitCode.OK;
    } catch (RuntimeException | Error e) {
      console.out().println(WorkerLine.failure(Failures.message(e)));
      throw e;
    }
  }

  /** Some engines load their native code with the first graph. */
  private static void requireArithmetic(Backend backend) {
    GraphBuilder builder = new GraphBuilder();
    builder.name(
        "sum", builder.input("x", ElementType.FLOAT, Shape.of("n", 2)).add(builder.scalar(1)));
    Graph graph = builder.build();
    try (CompiledGraph compiled = backend.compile(graph, Weights.of(Map.of()), List.of("sum"))) {
      Map<String, Tensor> results = compiled.run(Map.of("x", Tensor.of(new float[] {1, 2}, 1, 2)));
      float[] sum = results.values().iterator().next().toFloats();
      if (sum[0] != 2 || sum[1] != 3) {
        throw new BackendException("%s computes 1 + 1 = %s".formatted(backend.name(), sum[0]));
      }
    }
  }

  private static JsonObject answer(Backend backend, Set<String> before) {
    JsonObject answer = new JsonObject();
    answer.addProperty(VERSION, backend.version());
    answer.add(DEVICES, texts(backend.devices()));
    answer.add(
        CAPABILITIES,
        texts(
            backend.capabilities().stream()
                .sorted()
                .map(capability -> capability.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList()));
    answer.add(
        NATIVES,
        texts(NativeLibraries.loaded().stream().filter(file -> !before.contains(file)).toList()));
    return answer;
  }

  private static JsonArray texts(Collection<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}
