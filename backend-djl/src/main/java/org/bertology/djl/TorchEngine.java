package org.bertology.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.ClosedAtExit;
import org.bertology.api.backend.Lifetime;

/**
 * DJL's PyTorch engine, of which a process has one; it is never closed. Together with {@link
 * TorchModule} and {@link TorchWorkers} the only place that knows DJL's internal classes.
 */
final class TorchEngine {
  private static final String PYTORCH = "PyTorch";
  private static final String CUDA = "CUDA";
  private static final String ONE_DNN = "MKLDNN";
  private static final List<String> SWITCHES = List.of("OPT_OUT_TRACKING", "ai.djl.offline");

  private static final ClosedAtExit OPEN = new ClosedAtExit(DjlBackendFactory.NAME);

  private final Engine engine;

  private TorchEngine(Engine engine) {
    this.engine = engine;
  }

  /**
   * Starts the engine, or finds it started.
   *
   * <p>DJL is kept from the network while it loads: it would fetch what it misses, and report each
   * start to its makers. Its switches are properties of the whole virtual machine, in which others
   * may use DJL as well, so they are put back afterwards.
   *
   * @throws BackendException if its libraries do not load
   */
  static synchronized TorchEngine start() {
    List<String> unset =
        SWITCHES.stream().filter(name -> System.getProperty(name) == null).toList();
    unset.forEach(name -> System.setProperty(name, "true"));
    try {
      return new TorchEngine(Engine.getEngine(PYTORCH));
    } catch (LinkageError | RuntimeException e) {
      throw notLoaded(e);
    } finally {
      unset.forEach(System::clearProperty);
    }
  }

  private static BackendException notLoaded(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new BackendException(
        ("djl did not load: %s; it needs ai.djl.pytorch:pytorch-native-cpu:2.7.1 for this system and"
                + " ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1 on the class path")
            .formatted(root),
        cause);
  }

  /** PyTorch's version. */
  String version() {
    return engine.getVersion();
  }

  /** Whether it was built with oneDNN, a library for products of matrices. */
  boolean hasOneDnn() {
    return engine.hasCapability(ONE_DNN);
  }

  /** How many CUDA devices the loaded libraries can use. */
  int cudaDevices() {
    return engine.hasCapability(CUDA) ? engine.getGpuCount() : 0;
  }

  /**
   * Closes an owner of things of the engine before the process ends, if it is still open then.
   *
   * @throws IllegalStateException if the process is ending already
   */
  void closeAtExit(Lifetime owner) {
    OPEN.add(owner);
  }

  /** An owner of arrays on a device; the caller closes it. */
  NDManager newManager(Device device) {
    return engine.newBaseManager(device);
  }

  /** Loads the archive of a script; the caller closes the result. */
  static TorchModule load(NDManager manager, byte[] archive) {
    try {
      return new TorchModule(
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), true, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from memory
    }
  }

  /** Loads a file as {@code torch.jit.load} does; the caller closes the result. */
  static TorchModule load(NDManager manager, Path file) {
    String[] none = {};
    return new TorchModule(
        JniUtils.loadModule((PtNDManager) manager, file, false, none, none, false));
  }
}
