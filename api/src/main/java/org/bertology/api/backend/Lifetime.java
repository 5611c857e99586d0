package org.bertology.api.backend;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * What an owner of native things needs: uses and closing exclude each other, things are released in
 * reverse order of registration, and use after close says so.
 */
public final class Lifetime implements AutoCloseable {
  private final String owner;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private boolean closed;

  /**
   * A lifetime that is open.
   *
   * @param owner the subject of messages, such as {@code "this graph on onnx"}
   */
  public Lifetime(String owner) {
    this.owner = owner;
  }

  /**
   * Does something that needs the owner open; {@link #close} waits until it is done.
   *
   * @throws IllegalStateException if the owner is closed
   */
  public <T> T use(Supplier<T> action) {
    lock.readLock().lock();
    try {
      requireOpen();
      return action.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(owner + " is closed; open another one");
    }
  }

  /**
   * Takes ownership: {@code resource} is closed with this lifetime, or at once if that is over.
   *
   * @throws IllegalStateException if the owner is closed already
   */
  public <T extends AutoCloseable> T register(T resource) {
    boolean late;
    synchronized (owned) {
      late = closed;
      if (!late) {
        owned.push(resource);
      }
    }
    if (late) {
      RuntimeException failure = new IllegalStateException(owner + " is closed; open another one");
      release(resource, failure);
      throw failure;
    }
    return resource;
  }

  /** Gives up ownership of something that was closed by itself. */
  public void forget(AutoCloseable resource) {
    synchronized (owned) {
      owned.remove(resource);
    }
  }

  /** Waits for uses in progress, then closes everything owned, newest first. Idempotent. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      synchronized (owned) {
        closed = true;
      }
    } finally {
      lock.writeLock().unlock();
    }
    RuntimeException failure = new BackendException(owner + " did not close cleanly");
    for (AutoCloseable next = next(); next != null; next = next()) {
      release(next, failure);
    }
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  @SuppressWarnings("NullAway") // the end of the queue, seen by close alone
  private AutoCloseable next() {
    synchronized (owned) {
      return owned.poll();
    }
  }

  private static void release(AutoCloseable resource, RuntimeException failure) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}
