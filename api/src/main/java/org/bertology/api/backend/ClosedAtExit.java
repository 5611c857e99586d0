package org.bertology.api.backend;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The owners of native things that are closed when the process ends, whether {@code main} returns,
 * somebody calls {@link System#exit} or a signal arrives: an engine that computes while its library
 * is taken down crashes. As {@link Lifetime#close} waits for uses in progress, so does the end of
 * the process. Thread-safe.
 *
 * <p>An engine has one of these per process, as it has one library. Owners are not kept from the
 * garbage collector.
 */
public final class ClosedAtExit {
  private final Set<Lifetime> open = Collections.newSetFromMap(new WeakHashMap<>());
  private final String engine;
  private boolean ended;

  /**
   * Nothing yet.
   *
   * @param engine the engine's name, such as {@code "djl"}
   */
  public ClosedAtExit(String engine) {
    this.engine = engine;
    Runtime.getRuntime().addShutdownHook(new Thread(this::closeAll, "close " + engine));
  }

  /**
   * Adds an owner, which takes itself off when it is closed.
   *
   * @throws IllegalStateException if the process is ending already
   */
  public synchronized void add(Lifetime owner) {
    if (ended) {
      throw new IllegalStateException("the process is ending; %s starts no more".formatted(engine));
    }
    open.add(owner);
    owner.register(() -> remove(owner));
  }

  private synchronized void remove(Lifetime owner) {
    open.remove(owner);
  }

  private synchronized List<Lifetime> end() {
    ended = true;
    return List.copyOf(open);
  }

  /** What happens at the end of the process; one failure does not keep the others open. */
  void closeAll() {
    Lifetime all = new Lifetime(engine + " at the end of the process");
    end().forEach(all::register);
    all.close();
  }
}
