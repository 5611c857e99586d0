package org.bertology.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into an interrupt of the thread that works, and gives it time to stop and clean up
 * before the virtual machine ends, with exit code 130, as it does after any SIGINT.
 */
final class Interruption {
  private static final long PATIENCE_SECONDS = 10;

  private final Thread worker;
  private final Thread hook = new Thread(this::interruptAndWait, "interruption");
  private final CountDownLatch finished = new CountDownLatch(1);

  private Interruption(Thread worker) {
    this.worker = worker;
  }

  /** For the thread that calls, until {@link #finish}. */
  static Interruption ofThisThread() {
    Interruption interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void interruptAndWait() {
    worker.interrupt();
    try {
      // A batch inside an engine cannot be interrupted. If it takes longer, the machine stops under
      // it; files are safe all the same, since they are written last and get their names last.
      boolean unused = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The work is done, or has been given up. */
  void finish() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The virtual machine is stopping: the hook was waiting for this.
    }
  }
}
