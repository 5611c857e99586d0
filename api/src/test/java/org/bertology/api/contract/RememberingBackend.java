package org.bertology.api.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.GraphExporter;
import org.bertology.api.graph.Graph;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/**
 * The interpreter with a file format: a file holds the description, and what is to be computed is
 * remembered by the file's path. Its outputs may be made wrong.
 */
public final class RememberingBackend implements Backend, GraphExporter {
  private final ReferenceBackend reference = new ReferenceBackend();
  private final Map<Path, GraphExport> written = new HashMap<>();
  private final String name;
  private final String format;
  private final boolean directories;
  private final UnaryOperator<Tensor> change;

  /**
   * A backend with a format.
   *
   * @param directories whether what is written is a directory with a file {@code saved_model.pb},
   *     or a file with another one beside it
   * @param change what happens to every output of a file
   */
  public RememberingBackend(
      String name, String format, boolean directories, UnaryOperator<Tensor> change) {
    this.name = name;
    this.format = format;
    this.directories = directories;
    this.change = change;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return "for a test";
  }

  @Override
  public Set<Capability> capabilities() {
    return reference.capabilities();
  }

  @Override
  public List<String> devices() {
    return reference.devices();
  }

  @Override
  public BackendConfig config() {
    return reference.config();
  }

  @Override
  public CompiledGraph compile(Graph graph, Weights weights, Collection<String> outputs) {
    return reference.compile(graph, weights, outputs);
  }

  @Override
  public Optional<GraphExporter> exporter() {
    return Optional.of(this);
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public void write(GraphExport export, Path target) {
    try {
      Path file = target;
      if (directories) {
        file = Files.createDirectory(target).resolve("saved_model.pb");
      } else {
        Files.writeString(target.resolveSibling(target.getFileName() + ".data"), "numbers");
      }
      Files.writeString(file, export.description());
      written.put(target, export);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' was not written: %s".formatted(target, e), e);
    }
  }

  @Override
  public ExportedGraph open(Path file) {
    GraphExport export = Objects.requireNonNull(written.get(file), file.toString());
    CompiledGraph compiled = compile(export.graph(), export.weights(), export.outputs());
    return new ExportedGraph() {
      @Override
      public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Tensor> needed = new HashMap<>(inputs);
        needed.keySet().retainAll(compiled.inputs().keySet());
        Map<String, Tensor> results = new LinkedHashMap<>(compiled.run(needed));
        results.replaceAll((name, tensor) -> change.apply(tensor));
        return results;
      }

      @Override
      public void close() {
        compiled.close();
      }
    };
  }

  @Override
  public void close() {
    reference.close();
  }
}
