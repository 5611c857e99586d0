package org.bertology.tensorflow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.tensorflow.TensorFlow;

/**
 * What TensorFlow has once per process: its library, the pool of threads that its first session
 * makes, and the end of the process, before which all runs must be over. This state is static
 * because the engine's is.
 */
final class EngineProcess {
  /** The pool's size; 0 as long as nobody asked for one. */
  private static int threads;

  private static final Set<TensorFlowBackend> OPEN = Collections.newSetFromMap(new WeakHashMap<>());

  static {
    // JavaCPP compares the size of the whole process with four times the Java heap, collects
    // garbage for a second at each allocation above that, and then fails.
    setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
    // A process that ends in the middle of a run ends with a segmentation fault.
    Runtime.getRuntime().addShutdownHook(new Thread(EngineProcess::closeAll, "close tensorflow"));
  }

  private EngineProcess() {}

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Loads the library.
   *
   * @return its version
   * @throws BackendException if it does not load
   */
  static String load() {
    try {
      return TensorFlow.version();
    } catch (LinkageError | RuntimeException e) {
      throw new BackendException(
          ("tensorflow did not load: %s; it needs org.tensorflow:tensorflow-core-native:1.1.0 with"
                  + " the classifier of this machine: linux-x86_64, linux-arm64, macosx-arm64 or"
                  + " windows-x86_64")
              .formatted(e),
          e);
    }
  }

  /**
   * Fixes the number of threads of this process.
   *
   * @throws UnsupportedCapabilityException if it was fixed to another one before
   */
  static synchronized void claimThreads(int wanted) {
    if (threads != 0 && threads != wanted) {
      throw new UnsupportedCapabilityException(
          ("tensorflow cannot use %d threads: all its sessions in a process share one pool, and the"
                  + " first backend of this process fixed its size to %d; use %2$d, or another"
                  + " process")
              .formatted(wanted, threads));
    }
    threads = wanted;
  }

  static synchronized void closeAtExit(TensorFlowBackend backend) {
    OPEN.add(backend);
  }

  static synchronized void forget(TensorFlowBackend backend) {
    OPEN.remove(backend);
  }

  private static synchronized List<TensorFlowBackend> open() {
    return new ArrayList<>(OPEN);
  }

  private static void closeAll() {
    open().forEach(TensorFlowBackend::close);
  }
}
