package org.bertology.djl;

import org.bertology.api.backend.UnsupportedCapabilityException;

/**
 * How many threads PyTorch uses inside one operation, of which a process has one setting. The
 * backends that are open at the same time must agree on it; when none is open, the next one
 * chooses.
 */
final class TorchThreads {
  private static final TorchThreads OF_THIS_PROCESS = new TorchThreads();

  private int threads;
  private int holders;

  private TorchThreads() {}

  /**
   * Agrees with the other open backends; the caller closes the result.
   *
   * @throws UnsupportedCapabilityException if one of them is set to another number
   */
  static AutoCloseable agree(int threads) {
    OF_THIS_PROCESS.acquire(threads);
    return OF_THIS_PROCESS::release;
  }

  private synchronized void acquire(int wanted) {
    if (holders > 0 && threads != wanted) {
      throw new UnsupportedCapabilityException(
          ("djl cannot use %d threads: PyTorch has one setting per process, and a backend that is"
                  + " open uses %d; close that one first, or ask for %d")
              .formatted(wanted, threads, threads));
    }
    threads = wanted;
    holders++;
  }

  private synchronized void release() {
    holders--;
  }
}
