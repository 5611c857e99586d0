package org.bertology.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.TensorType;
import org.bertology.api.tensor.Tensor;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;

/** One session of TensorFlow and what is checked before it is run. */
final class TensorFlowCompiledGraph implements CompiledGraph {
  /** What is computed for a name: which of the fetched tensors, and its type. */
  private record Place(int fetch, TensorType type) {}

  private final Session session;
  private final LoweredGraph lowered;
  private final Elements elements;
  private final Bindings bindings;
  private final Lifetime lifetime;
  private final Lifetime owner;

  /** Each tensor once: TensorFlow cannot return one twice. */
  private final List<Output<?>> fetches = new ArrayList<>();

  private final Map<String, Place> places = new LinkedHashMap<>();

  /**
   * A compiled graph.
   *
   * @param graph gives the types of the outputs
   * @param resources owns the session and its graph
   * @param backend owns the result
   */
  TensorFlowCompiledGraph(
      Session session,
      LoweredGraph lowered,
      Elements elements,
      Bindings bindings,
      Graph graph,
      Lifetime resources,
      Lifetime backend) {
    this.session = session;
    this.lowered = lowered;
    this.elements = elements;
    this.bindings = bindings;
    this.lifetime = resources;
    this.owner = backend;
    Map<String, Integer> known = new LinkedHashMap<>();
    lowered
        .outputs()
        .forEach(
            (name, output) -> {
              int place =
                  known.computeIfAbsent(
                      output.op().name() + ":" + output.index(), key -> fetch(output));
              places.put(name, new Place(place, graph.value(name).type()));
            });
  }

  private int fetch(Output<?> output) {
    fetches.add(output);
    return fetches.size() - 1;
  }

  @Override
  public Map<String, TensorType> inputs() {
    return bindings.inputs();
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return lifetime.use(() -> runChecked(inputs, bindings.check(inputs)));
  }

  private Map<String, Tensor> runChecked(Map<String, Tensor> inputs, Map<String, Long> symbols) {
    places.forEach((name, place) -> checkSize(name, place.type(), symbols));
    Session.Runner runner = session.runner();
    List<org.tensorflow.Tensor> given = new ArrayList<>();
    try {
      for (Map.Entry<String, Output<?>> input : lowered.inputs().entrySet()) {
        String name = input.getKey();
        TensorType type = Objects.requireNonNull(bindings.inputs().get(name), name);
        Tensor tensor = Objects.requireNonNull(inputs.get(name), name); // checked before
        given.add(NativeTensors.copyIn(tensor, elements.host(type.element())));
        runner.feed(input.getValue(), given.get(given.size() - 1));
      }
      fetches.forEach(runner::fetch);
      try (Result result = runner.run()) {
        return copies(result);
      }
    } catch (RuntimeException e) {
      throw TensorFlowFailures.translated("run the graph", lowered.hooks(), e);
    } finally {
      given.forEach(org.tensorflow.Tensor::close);
    }
  }

  private void checkSize(String name, TensorType type, Map<String, Long> symbols) {
    Bindings.checkSize(name, elements.host(type.element()), type.shape().bind(symbols));
  }

  /** The results, each copied once whatever its names. */
  private Map<String, Tensor> copies(Result result) {
    List<Tensor> copies = new ArrayList<>();
    Map<String, Tensor> results = new LinkedHashMap<>();
    places.forEach(
        (name, place) -> {
          if (place.fetch() == copies.size()) {
            ElementType element = place.type().element();
            copies.add(NativeTensors.copyOut(result.get(place.fetch()), elements.host(element)));
          }
          results.put(name, copies.get(place.fetch()));
        });
    return results;
  }

  @Override
  public void close() {
    lifetime.close();
    owner.forget(this);
  }
}
