package org.bertology.tensorflow;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.GraphExporter;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.backend.Precision;
import org.tensorflow.Graph;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SavedModel;

/** SavedModel directories: a graph without numbers, and its variables in TensorFlow's own files. */
final class SavedModelExporter implements GraphExporter {
  private static final String MODEL = "saved_model.pb";
  private static final String VARIABLES = "variables";

  private final ConfigProto settings;
  private final String version;
  private final Lifetime owner;

  SavedModelExporter(ConfigProto settings, String version, Lifetime owner) {
    this.settings = settings;
    this.version = version;
    this.owner = owner;
  }

  @Override
  public String format() {
    return "savedmodel";
  }

  @Override
  public void write(GraphExport export, Path target) {
    owner.use(
        () -> {
          try (Graph graph = new Graph()) {
            write(export, graph, target);
            return target;
          } catch (IOException e) {
            throw new UncheckedIOException("'%s' was not written: %s".formatted(target, e), e);
          } catch (RuntimeException e) {
            throw TensorFlowFailures.translated("write '%s'".formatted(target), Map.of(), e);
          }
        });
  }

  private void write(GraphExport export, Graph graph, Path target) throws IOException {
    NodeWriter writer = new NodeWriter(graph, new Elements(Precision.FLOAT32));
    SavedGraph saved = TensorFlowLowering.file(export, writer, new Elements(Precision.FLOAT32));
    VariableSaver saver = new VariableSaver(writer, saved.variables());
    Path variables = Files.createDirectories(target.resolve(VARIABLES));
    try (Session session = new Session(graph, settings)) {
      saver.write(session, export.weights(), variables.resolve(VARIABLES).toString());
    }
    SavedModel model = SavedModelWriter.of(graph, saved, saver, version);
    try (OutputStream stream = Files.newOutputStream(target.resolve(MODEL))) {
      model.writeTo(stream);
    }
  }

  @Override
  public ExportedGraph open(Path file) {
    return owner.use(
        () -> {
          try {
            SavedModelBundle bundle =
                SavedModelBundle.loader(file.toString())
                    .withTags(SavedModelWriter.TAG)
                    .withConfigProto(settings)
                    .load();
            return owner.register(new SavedModelFile(bundle, owner));
          } catch (RuntimeException e) {
            throw TensorFlowFailures.translated("load '%s'".formatted(file), Map.of(), e);
          }
        });
  }
}
