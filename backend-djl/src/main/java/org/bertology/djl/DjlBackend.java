package org.bertology.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.GraphExporter;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.backend.WeightCache;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.TensorType;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PyTorch, run by DJL. Each compiled graph is a script of its own; on the processor all scripts
 * read the weights where the host keeps them.
 */
final class DjlBackend implements Backend {
  private static final Logger LOG = LoggerFactory.getLogger(DjlBackend.class);

  /** A list argument of a script is made of all arrays of the same name. */
  private static final String WEIGHTS = "w[]";

  private final TorchEngine engine;
  private final BackendConfig config;
  private final ScriptTypes types;
  private final TorchWorkers workers;
  private final NDManager manager;

  /** On the processor, scripts read these arrays where the host keeps them. */
  private final WeightCache<NDArray> uploaded;

  private final Lifetime lifetime = new Lifetime("the djl backend");

  DjlBackend(TorchEngine engine, BackendConfig config) {
    DjlDevice device = DjlDevice.of(config.device(), engine.cudaDevices());
    this.engine = engine;
    this.config = config;
    this.types = new ScriptTypes(config.precision(), device.inScripts(), engine.hasOneDnn());
    try {
      engine.closeAtExit(lifetime);
      lifetime.register(TorchThreads.agree(config.threads()));
      this.workers = lifetime.register(new TorchWorkers(config.threads()));
      this.manager = lifetime.register(engine.newManager(device.ofArrays()));
      NDManager arrays = lifetime.register(manager.newSubManager());
      this.uploaded =
          lifetime.register(
              new WeightCache<>((weights, name) -> upload(arrays, weights, name), NDArray::close));
    } catch (RuntimeException | Error e) {
      lifetime.close();
      throw e;
    }
  }

  private NDArray upload(NDManager owner, Weights weights, String name) {
    NDArray array = HostArrays.share(owner, weights.get(name), types.host(ElementType.FLOAT));
    array.setName(WEIGHTS);
    return array;
  }

  @Override
  public String name() {
    return DjlBackendFactory.NAME;
  }

  @Override
  public String version() {
    return "PyTorch " + engine.version();
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities =
        EnumSet.of(Capability.DOUBLE_PRECISION, Capability.NATIVE_GRADIENTS);
    if (engine.cudaDevices() > 0) {
      capabilities.add(Capability.CUDA);
    }
    return capabilities;
  }

  @Override
  public List<String> devices() {
    return DjlDevice.names(engine.cudaDevices());
  }

  @Override
  public BackendConfig config() {
    return config;
  }

  @Override
  public CompiledGraph compile(Graph graph, Weights weights, Collection<String> outputs) {
    return compile(graph, weights, outputs, Optional.empty());
  }

  @Override
  public CompiledGraph compile(
      Graph graph, Weights weights, Collection<String> outputs, Differentiation differentiation) {
    return compile(graph, weights, outputs, Optional.of(differentiation));
  }

  private CompiledGraph compile(
      Graph graph,
      Weights weights,
      Collection<String> outputs,
      Optional<Differentiation> differentiation) {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("no output is asked for; name at least one");
    }
    Set<String> names = new LinkedHashSet<>(outputs);
    return lifetime.use(() -> compileOpen(graph, weights, names, differentiation));
  }

  private CompiledGraph compileOpen(
      Graph graph,
      Weights weights,
      Set<String> outputs,
      Optional<Differentiation> differentiation) {
    long start = System.nanoTime();
    List<Value> nodes = graph.nodes(TorchScriptLowering.needed(outputs, differentiation));
    Bindings.checkParameters(nodes, weights);
    TorchScript script = TorchScriptLowering.lower(graph, outputs, differentiation, types);
    DjlCompiledGraph compiled =
        new DjlCompiledGraph(
            script,
            load(script),
            workers,
            manager,
            parameters(script, weights),
            types,
            differentiation
                .map(d -> Bindings.of(graph, outputs, d))
                .orElseGet(() -> Bindings.of(graph, outputs)),
            types(graph, outputs),
            weights,
            lifetime);
    LOG.debug(
        "compiled {} lines for {} outputs in {} ms",
        script.hooks().size(),
        outputs.size(),
        (System.nanoTime() - start) / 1_000_000);
    return lifetime.register(compiled);
  }

  private TorchModule load(TorchScript script) {
    try {
      return TorchEngine.load(manager, ScriptArchive.of(script.source()));
    } catch (EngineException e) {
      throw DjlFailures.failure("compile the graph", script.hooks(), e);
    }
  }

  private List<NDArray> parameters(TorchScript script, Weights weights) {
    return script.parameters().stream().map(name -> uploaded.get(weights, name)).toList();
  }

  private static Map<String, TensorType> types(Graph graph, Set<String> outputs) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    outputs.forEach(name -> types.put(name, graph.value(name).type()));
    return types;
  }

  @Override
  public Optional<GraphExporter> exporter() {
    return Optional.of(new TorchScriptExporter(manager, workers, lifetime));
  }

  /** How many weights are held for graphs compiled so far. */
  int uploadedArrays() {
    return uploaded.size();
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
