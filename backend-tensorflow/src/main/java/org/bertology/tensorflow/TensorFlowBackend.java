package org.bertology.tensorflow;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
import org.bertology.api.tensor.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * TensorFlow. Each compiled graph is a TensorFlow graph and a session of its own, so that closing
 * it releases both; nothing can be taken out of a graph that others share. Sessions do not share
 * variables, but a variable takes the memory of the tensor that is assigned to it, so that all
 * graphs of a {@link Weights} instance read one copy.
 */
final class TensorFlowBackend implements Backend {
  private static final Logger LOG = LoggerFactory.getLogger(TensorFlowBackend.class);

  private final String version;
  private final BackendConfig config;
  private final ConfigProto settings;
  private final Elements elements;
  private final Lifetime lifetime = new Lifetime("the tensorflow backend");

  /** TensorFlow counts the readers of memory: these may be closed while a variable has theirs. */
  private final WeightCache<Tensor> uploaded;

  TensorFlowBackend(String version, BackendConfig config, TensorFlowDevice device) {
    this.version = version;
    this.config = config;
    this.settings = device.configure(settings(config.threads()).toBuilder()).build();
    this.elements = new Elements(config.precision());
    EngineProcess.closeAtExit(lifetime);
    this.uploaded = lifetime.register(new WeightCache<>(this::upload, Tensor::close));
  }

  private Tensor upload(Weights weights, String name) {
    return NativeTensors.copyIn(weights.get(name), elements.host(ElementType.FLOAT));
  }

  /** What all sessions of a process have in common. */
  static ConfigProto settings(int threads) {
    // Grappler costs seconds at the first run of a gradient and gains less than a thirtieth.
    RewriterConfig rewriting = RewriterConfig.newBuilder().setDisableMetaOptimizer(true).build();
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(threads)
        // Below zero: nodes are run by the thread that calls, so that callers do not share one.
        .setInterOpParallelismThreads(-1)
        .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewriting))
        .build();
  }

  @Override
  public String name() {
    return TensorFlowBackendFactory.NAME;
  }

  @Override
  public String version() {
    return "TensorFlow " + version;
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities =
        EnumSet.of(Capability.DOUBLE_PRECISION, Capability.NATIVE_GRADIENTS);
    if (devices().size() > 1) {
      capabilities.add(Capability.CUDA);
    }
    return capabilities;
  }

  @Override
  public List<String> devices() {
    return TensorFlowDevice.names(settings(config.threads()));
  }

  @Override
  public BackendConfig config() {
    return config;
  }

  @Override
  public CompiledGraph compile(Graph graph, Weights weights, Collection<String> outputs) {
    Set<String> names = new LinkedHashSet<>(outputs);
    return lifetime.use(
        () ->
            compileOpen(
                weights,
                names,
                graph,
                names,
                Bindings.of(graph, names),
                writer -> TensorFlowLowering.lower(graph, names, writer, elements)));
  }

  @Override
  public CompiledGraph compile(
      Graph graph, Weights weights, Collection<String> outputs, Differentiation differentiation) {
    Set<String> names = new LinkedHashSet<>(outputs);
    return lifetime.use(
        () ->
            compileOpen(
                weights,
                names,
                graph,
                TensorFlowLowering.all(names, differentiation),
                Bindings.of(graph, names, differentiation),
                writer ->
                    TensorFlowLowering.lower(graph, names, differentiation, writer, elements)));
  }

  private CompiledGraph compileOpen(
      Weights weights,
      Set<String> outputs,
      Graph graph,
      Collection<String> needed,
      Bindings bindings,
      Function<NodeWriter, LoweredGraph> lowering) {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("no output is asked for; name at least one");
    }
    long start = System.nanoTime();
    Bindings.checkParameters(graph.nodes(needed), weights);
    // Sessions must be closed before their graphs, which wait for them for ever.
    Lifetime resources = new Lifetime("this graph on tensorflow");
    try {
      org.tensorflow.Graph engineGraph = resources.register(new org.tensorflow.Graph());
      NodeWriter writer = new NodeWriter(engineGraph, elements);
      LoweredGraph lowered = lower(lowering, writer);
      Session session = resources.register(new Session(engineGraph, settings));
      assign(session, lowered, weights);
      TensorFlowCompiledGraph compiled =
          new TensorFlowCompiledGraph(
              session, lowered, elements, bindings, graph, resources, lifetime);
      LOG.debug(
          "compiled {} nodes for {} outputs in {} ms",
          lowered.hooks().size(),
          outputs.size(),
          (System.nanoTime() - start) / 1_000_000);
      return lifetime.register(compiled);
    } catch (RuntimeException | Error e) {
      resources.close();
      throw e;
    }
  }

  private static LoweredGraph lower(
      Function<NodeWriter, LoweredGraph> lowering, NodeWriter writer) {
    try {
      return lowering.apply(writer);
    } catch (RuntimeException e) {
      throw TensorFlowFailures.translated("compile the graph", writer.hooks(), e);
    }
  }

  /** All variables in one run, as each other set of targets prepares the whole graph again. */
  private void assign(Session session, LoweredGraph lowered, Weights weights) {
    if (lowered.variables().isEmpty()) {
      return;
    }
    Session.Runner runner = session.runner();
    lowered
        .variables()
        .forEach(
            (name, variable) ->
                runner
                    .feed(variable.value(), uploaded.get(weights, name))
                    .addTarget(variable.assign()));
    try {
      runner.run().close();
    } catch (RuntimeException e) {
      throw TensorFlowFailures.translated("load the weights", lowered.hooks(), e);
    }
  }

  @Override
  public Optional<GraphExporter> exporter() {
    return Optional.of(new SavedModelExporter(settings, version, lifetime));
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
