package org.bertology.core.backend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.bertology.api.backend.BackendFactory;

/**
 * What the class path has in backends. One that cannot be found out about does not hide the others.
 *
 * @param factories by name
 * @param failures one sentence about each entry that is not usable
 */
public record FoundBackends(Map<String, BackendFactory> factories, List<String> failures) {
  public FoundBackends {
    factories = Collections.unmodifiableMap(new TreeMap<>(factories));
    failures = List.copyOf(failures);
  }

  /** All backends that the thread's class loader sees. */
  public static FoundBackends onClassPath() {
    return of(ServiceLoader.load(BackendFactory.class));
  }

  /** All that a loader finds. */
  static FoundBackends of(Iterable<BackendFactory> loader) {
    Map<String, BackendFactory> factories = new TreeMap<>();
    List<String> failures = new ArrayList<>();
    Iterator<BackendFactory> entries = loader.iterator();
    while (hasNext(entries, failures)) {
      next(entries, failures).ifPresent(factory -> factories.put(factory.name(), factory));
    }
    return new FoundBackends(factories, failures);
  }

  private static boolean hasNext(Iterator<BackendFactory> entries, List<String> failures) {
    // Each error uses up an entry, so this ends; the bound is for loaders that do otherwise.
    for (int errors = 0; errors < 100; errors++) {
      try {
        return entries.hasNext();
      } catch (ServiceConfigurationError | LinkageError e) {
        failures.add(sentence(e));
      }
    }
    return false;
  }

  private static Optional<BackendFactory> next(
      Iterator<BackendFactory> entries, List<String> failures) {
    try {
      return Optional.of(entries.next());
    } catch (ServiceConfigurationError | LinkageError e) {
      failures.add(sentence(e));
      return Optional.empty();
    }
  }

  private static String sentence(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String reason = cause == failure ? "" : " (%s)".formatted(cause);
    return "a backend on the class path is not usable: %s%s"
        .formatted(failure.getMessage(), reason);
  }
}
