package org.bertology.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.GraphExporter;
import org.bertology.api.backend.Lifetime;

/** TorchScript modules in files, with their parameters under the names of the graph. */
final class TorchScriptExporter implements GraphExporter {
  private final NDManager manager;
  private final TorchWorkers workers;
  private final Lifetime owner;

  TorchScriptExporter(NDManager manager, TorchWorkers workers, Lifetime owner) {
    this.manager = manager;
    this.workers = workers;
    this.owner = owner;
  }

  @Override
  public String format() {
    return "torchscript";
  }

  @Override
  public void write(GraphExport export, Path target) {
    ScriptFile script = TorchScriptLowering.file(export);
    try (OutputStream stream =
        new BufferedOutputStream(Files.newOutputStream(target, StandardOpenOption.CREATE_NEW))) {
      ScriptArchive.write(stream, script, export.weights());
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' was not written: %s".formatted(target, e), e);
    }
  }

  @Override
  public ExportedGraph open(Path file) {
    return owner.use(
        () -> {
          try {
            List<String> arguments = ScriptSignature.arguments(file);
            TorchModule module = TorchEngine.load(manager, file);
            return owner.register(new TorchScriptFile(module, arguments, workers, manager, owner));
          } catch (IOException e) {
            throw new BackendException("djl could not load '%s': %s".formatted(file, e), e);
          } catch (EngineException e) {
            throw DjlFailures.failure("load '%s'".formatted(file), List.of(), e);
          }
        });
  }
}
