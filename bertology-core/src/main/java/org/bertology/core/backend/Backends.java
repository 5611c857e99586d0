package org.bertology.core.backend;

import java.util.Collections;
import java.util.Map;
import java.util.ServiceLoader;
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
    Map<String, BackendFactory> found = new TreeMap<>();
    for (BackendFactory factory : ServiceLoader.load(BackendFactory.class)) {
      found.put(factory.name(), factory);
    }
    return new Backends(found);
  }

  public Set<String> names() {
    return factories.keySet();
  }

  /**
   * Starts a backend; the caller closes it.
   *
   * @throws UnsupportedCapabilityException if there is no backend at all, or it lacks what the
   *     configuration asks for
   * @throws IllegalArgumentException with near misses, if there is none of this name
   * @throws BackendException if the engine does not load
   */
  public Backend open(String name, BackendConfig config) {
    if (factories.isEmpty()) {
      throw new UnsupportedCapabilityException(
          "no backend is on the class path; add org.bertology:bertology-backend-onnx");
    }
    BackendFactory factory = factories.get(name);
    if (factory == null) {
      throw new IllegalArgumentException(
          "no backend is named '%s'%s".formatted(name, NearMisses.hint(name, names())));
    }
    return factory.create(config);
  }
}
