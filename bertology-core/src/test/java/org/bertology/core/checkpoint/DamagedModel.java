package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.bertology.core.ContentException;

/** A model with a damaged file: it is refused with a message, or read, for little memory. */
public final class DamagedModel {
  /** For what does not depend on the file: the configuration, messages, classes that are loaded. */
  private static final long FIXED_BYTES = 8 << 20;

  /** Names and places take some objects of the heap for some bytes of the file. */
  private static final long BYTES_PER_BYTE = 64;

  private DamagedModel() {}

  /**
   * Opens a model and reads all of its tensors.
   *
   * @param bytes of all its files
   */
  public static void assertReadOrRefused(Path model, long bytes) {
    long before = allocated();
    try {
      Checkpoint checkpoint = Checkpoint.open(model);
      checkpoint.weights().names().forEach(checkpoint.weights()::tensor);
    } catch (ContentException e) {
      assertThat(e).hasMessageContaining(model.toString());
    }
    assertThat(allocated() - before).isLessThan(FIXED_BYTES + BYTES_PER_BYTE * bytes);
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
