package org.bertology.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.GraphExporter;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.backend.Precision;

/**
 * ONNX models in files: ONNX's own operators alone, parameters as initializers of the same names.
 */
final class OnnxExporter implements GraphExporter {
  /**
   * The most bytes of parameters in a model: a message of protocol buffers ends at 2 GiB, and the
   * nodes take some.
   */
  static final long LARGEST = Integer.MAX_VALUE - (64L << 20);

  private static final Elements ELEMENTS = new Elements(Precision.FLOAT32);

  private final OrtEnvironment environment;
  private final Lifetime owner;
  private final long largest;

  OnnxExporter(OrtEnvironment environment, Lifetime owner, long largest) {
    this.environment = environment;
    this.owner = owner;
    this.largest = largest;
  }

  @Override
  public String format() {
    return OnnxBackendFactory.NAME;
  }

  @Override
  public void write(GraphExport export, Path target) {
    String sideFile = bytes(export) > largest ? target.getFileName() + ".data" : "";
    FileParameters parameters = new FileParameters(export.weights(), ELEMENTS, sideFile);
    WireMessage model = OnnxLowering.file(export, parameters);
    write(target, model::writeTo);
    if (!sideFile.isEmpty()) {
      write(target.resolveSibling(sideFile), parameters::writeTo);
    }
  }

  private static long bytes(GraphExport export) {
    return export.parameters().stream()
        .mapToLong(name -> ELEMENTS.bytes(export.weights().shape(name)))
        .sum();
  }

  /** Writes to a channel of a file. */
  @FunctionalInterface
  private interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private static void write(Path file, Content content) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.writeTo(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' was not written: %s".formatted(file, e), e);
    }
  }

  @Override
  public ExportedGraph open(Path file) {
    return owner.use(
        () -> {
          try (SessionOptions options = new SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return owner.register(
                new OnnxFile(
                    environment, environment.createSession(file.toString(), options), owner));
          } catch (OrtException e) {
            throw OnnxFailures.failure("load '%s'".formatted(file), e);
          }
        });
  }
}
