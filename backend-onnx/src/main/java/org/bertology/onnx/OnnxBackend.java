package org.bertology.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime. Each compiled graph is a session of its own, because a session computes all outputs
 * of its model whether or not they are asked for; on the processor all sessions read the weights
 * where the host keeps them.
 *
 * <p>A session keeps the memory of its largest run so far until it is closed: giving it back after
 * each run costs a quarter of the time of a gradient. Chunk large batches.
 */
final class OnnxBackend implements Backend {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxBackend.class);

  private final OrtEnvironment environment;
  private final BackendConfig config;
  private final OnnxDevice device;
  private final Elements elements;
  private final ExternalFolder folder;

  /** Sessions read these tensors where the host keeps them. */
  private final WeightCache<OnnxTensor> uploaded;

  private final Lifetime lifetime = new Lifetime("the onnx backend");

  OnnxBackend(OrtEnvironment environment, BackendConfig config) {
    this.environment = environment;
    this.config = config;
    this.device = OnnxDevice.of(config.device());
    this.elements = new Elements(config.precision());
    this.folder = lifetime.register(new ExternalFolder());
    requireStart();
    this.uploaded = lifetime.register(new WeightCache<>(this::upload, OnnxTensor::close));
  }

  /** Without this, a device that is not there would show at the first graph, and less clearly. */
  private void requireStart() {
    if (!device.isCuda()) {
      return;
    }
    try {
      start(device);
    } catch (OrtException e) {
      lifetime.close();
      throw device.notStarted(e);
    }
  }

  /** Opens a session that adds two numbers. */
  private void start(OnnxDevice tried) throws OrtException {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of(1));
    x.add(x).named("sum");
    LoweredGraph sum =
        OnnxLowering.lower(builder.build(), Weights.of(Map.of()), List.of("sum"), config);
    try (SessionOptions options = SessionSettings.open(config, tried, folder.path())) {
      environment.createSession(sum.model(), options).close();
    }
  }

  private boolean starts(String name) {
    try {
      start(OnnxDevice.of(name));
      return true;
    } catch (OrtException e) {
      LOG.debug("{} does not start", name, e);
      return false;
    }
  }

  private OnnxTensor upload(Weights weights, String name) {
    try {
      return HostTensors.share(environment, weights.get(name), elements.host(ElementType.FLOAT));
    } catch (OrtException e) {
      throw OnnxFailures.failure("compile the graph", e);
    }
  }

  @Override
  public String name() {
    return OnnxBackendFactory.NAME;
  }

  @Override
  public String version() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities = EnumSet.of(Capability.DOUBLE_PRECISION);
    if (devices().size() > 1) {
      capabilities.add(Capability.CUDA);
    }
    return capabilities;
  }

  @Override
  public List<String> devices() {
    return OnnxDevice.names(OnnxDevice.hasCuda(), this::starts);
  }

  @Override
  public BackendConfig config() {
    return config;
  }

  @Override
  public CompiledGraph compile(Graph graph, Weights weights, Collection<String> outputs) {
    return lifetime.use(() -> compileOpen(graph, weights, new LinkedHashSet<>(outputs)));
  }

  private CompiledGraph compileOpen(Graph graph, Weights weights, Set<String> outputs) {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("no output is asked for; name at least one");
    }
    long start = System.nanoTime();
    Bindings.checkParameters(graph.nodes(outputs), weights);
    LoweredGraph lowered = OnnxLowering.lower(graph, weights, outputs, config);
    OnnxCompiledGraph compiled =
        new OnnxCompiledGraph(
            environment,
            session(lowered, weights),
            elements,
            Bindings.of(graph, outputs),
            outputs(graph, lowered),
            weights,
            lifetime);
    LOG.debug(
        "compiled {} nodes for {} outputs in {} ms",
        lowered.nodes(),
        outputs.size(),
        (System.nanoTime() - start) / 1_000_000);
    return lifetime.register(compiled);
  }

  private static Map<String, OnnxCompiledGraph.Output> outputs(Graph graph, LoweredGraph lowered) {
    Map<String, OnnxCompiledGraph.Output> outputs = new LinkedHashMap<>();
    lowered
        .outputs()
        .forEach(
            (name, tensor) ->
                outputs.put(name, new OnnxCompiledGraph.Output(tensor, graph.value(name).type())));
    return outputs;
  }

  private OrtSession session(LoweredGraph lowered, Weights weights) {
    try (SessionOptions options = SessionSettings.open(config, device, folder.path())) {
      addWeights(options, lowered.external(), weights);
      return environment.createSession(lowered.model(), options);
    } catch (OrtException e) {
      throw OnnxFailures.failure("compile the graph", e);
    }
  }

  private void addWeights(SessionOptions options, Map<String, String> external, Weights weights)
      throws OrtException {
    Map<String, OnnxTensorLike> tensors = new HashMap<>();
    for (Map.Entry<String, String> initializer : external.entrySet()) {
      OnnxTensor tensor = uploaded.get(weights, initializer.getValue());
      tensors.put(initializer.getKey(), tensor);
    }
    if (device.isCuda()) {
      // Shared initializers stay where they are, which a CUDA kernel cannot read; these are copied.
      options.addExternalInitializers(tensors);
      return;
    }
    for (Map.Entry<String, OnnxTensorLike> tensor : tensors.entrySet()) {
      options.addInitializer(tensor.getKey(), tensor.getValue());
    }
  }

  @Override
  public Optional<GraphExporter> exporter() {
    return Optional.of(new OnnxExporter(environment, lifetime, OnnxExporter.LARGEST));
  }

  /** How many weights are held for graphs compiled so far. */
  int uploadedTensors() {
    return uploaded.size();
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
