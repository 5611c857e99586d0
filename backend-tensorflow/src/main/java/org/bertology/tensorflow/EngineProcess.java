package org.bertology.tensorflow;

import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.ClosedAtExit;
import org.bertology.api.backend.Lifetime;
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

  private static final ClosedAtExit OPEN = new ClosedAtExit(TensorFlowBackendFactory.NAME);

  static {
    // JavaCPP compares the size of the whole process with four times the Java heap, collects
    // garbage for a second at each allocation above that, and then fails.
    setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
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

  /**
   * Closes an owner of things of the engine before the process ends, if it is still open then.
   *
   * @throws IllegalStateException if the process is ending already
   */
  static void closeAtExit(Lifetime owner) {
    OPEN.add(owner);
  }
}
