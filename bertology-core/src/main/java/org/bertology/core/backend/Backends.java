package org.bertology.core.backend;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.NearMisses;

/** The backends that are on the class path, or that an injector was given, by name. */
public final class Backends {
  private final Map<String, BackendFactory> factories;

  /** Backends by name, as an injector collects them. */
  public Backends(Map<String, BackendFactory> factories) {
    this.factories = Collections.unmodifiableMap(new TreeMap<>(factories));
  }

  /** All backends on the class path. */
  public static Backends onClassPath() {
    return new Backends(FoundBackends.onClassPath().factories());
  }

  public Set<String> names() {
    return factories.keySet();
  }

  /**
   * The class of a backend's factory, which tells where the backend lies.
   *
   * @throws UnsupportedCapabilityException if it is a {@link KnownEngine} that is missing here
   * @throws IllegalArgumentException with near misses, if there is none of this name
   */
  public Class<?> type(String name) {
    return factory(name).getClass();
  }

  /**
   * Starts a backend; the caller closes it.
   *
   * @throws UnsupportedCapabilityException if there is no backend at all, it is a {@link
   *     KnownEngine} that is missing here, or it lacks what the configuration asks for
   * @throws IllegalArgumentException with near misses, if there is none of this name
   * @throws BackendException if the engine does not load
   */
  public Backend open(String name, BackendConfig config) {
    if (factories.isEmpty()) {
      throw new UnsupportedCapabilityException(
          "no backend is on the class path; add " + KnownEngine.usual().artifact());
    }
    return factory(name).create(config);
  }

  private BackendFactory factory(String name) {
    BackendFactory factory = factories.get(name);
    if (factory == null) {
      throw missing(name);
    }
    return factory;
  }

  private RuntimeException missing(String name) {
    Optional<KnownEngine> known = KnownEngine.named(name);
    return known.isPresent()
        ? new UnsupportedCapabilityException(
            "the backend '%s' is missing from this installation, which has %s; add %s"
                .formatted(
                    name,
                    factories.isEmpty() ? "none" : String.join(", ", names()),
                    known.get().artifact()))
        : new IllegalArgumentException(
            "no backend is named '%s'%s".formatted(name, NearMisses.hint(name, names())));
  }
}
