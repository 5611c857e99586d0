package org.bertology.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.inject.Inject;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bertology.core.backend.Backends;
import org.bertology.core.backend.EngineDiagnosis;
import org.bertology.core.backend.EngineDiagnosis.Found;
import org.bertology.core.backend.EngineDiagnosis.State;
import org.bertology.core.backend.KnownEngine;

/** Tries every engine, each in a process of its own, so that a crash ends that process alone. */
final class EngineDoctor {
  /** The first start of an engine unpacks hundreds of megabytes. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Backends backends;
  private final MainClass main;

  @Inject
  EngineDoctor(Backends backends, MainClass main) {
    this.backends = backends;
    this.main = main;
  }

  /** The diagnoses of all known engines, then of others on the class path. */
  List<EngineDiagnosis> diagnoses() {
    Set<String> names = new LinkedHashSet<>();
    Arrays.stream(KnownEngine.values()).map(KnownEngine::backend).forEach(names::add);
    names.addAll(backends.names());
    return names.stream().map(this::diagnosis).toList();
  }

  private EngineDiagnosis diagnosis(String backend) {
    Optional<KnownEngine> known = KnownEngine.named(backend);
    return known.isPresent() && !backends.names().contains(backend)
        ? EngineDiagnosis.missing(known.get())
        : probed(backend, known);
  }

  private EngineDiagnosis probed(String backend, Optional<KnownEngine> known) {
    List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    List<String> arguments = List.of(EngineProbeCommand.NAME, "--backend=" + backend);
    Optional<String> title = known.map(KnownEngine::title);
    List<String> jars = jars(backend, known);
    try (ChildProcess probe =
        ChildProcess.start(
            ChildCommand.of(main),
            arguments,
            line -> EngineWarnings.in(line).ifPresent(warnings::add))) {
      Found found = found(probe.answer(PATIENCE));
      probe.awaitErrors();
      return new EngineDiagnosis(
          backend,
          title,
          State.WORKS,
          Optional.of(found),
          jars,
          Optional.empty(),
          Optional.empty(),
          List.copyOf(warnings));
    } catch (ChildFailedException e) {
      String problem = String.valueOf(e.getMessage());
      return new EngineDiagnosis(
          backend,
          title,
          State.FAILS,
          Optional.empty(),
          jars,
          Optional.of(problem),
          Optional.of(advice(backend, problem, known)),
          List.copyOf(warnings));
    }
  }

  private static Found found(JsonObject answer) {
    return new Found(
        answer.get(EngineProbeCommand.VERSION).getAsString(),
        texts(answer, EngineProbeCommand.DEVICES),
        texts(answer, EngineProbeCommand.CAPABILITIES),
        texts(answer, EngineProbeCommand.NATIVES));
  }

  private static List<String> texts(JsonObject answer, String name) {
    return answer.getAsJsonArray(name).asList().stream().map(JsonElement::getAsString).toList();
  }

  private static String advice(String backend, String problem, Optional<KnownEngine> known) {
    String artifact = known.map(KnownEngine::artifact).orElse("its backend");
    if (problem.contains("ended with signal")) {
      return "its native code crashed: have the natives for %s %s on the class path, in one version only, as %s asks for them"
          .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), artifact);
    }
    return "have %s on the class path with everything that it depends on, in the versions that it asks for; 'bertology %s --backend %s --verbose' prints the stack trace"
        .formatted(artifact, EngineProbeCommand.NAME, backend);
  }

  /** Where the classes of the backend and of the engine's own library lie. */
  private List<String> jars(String backend, Optional<KnownEngine> known) {
    Class<?> factory = backends.type(backend);
    Stream<Class<?>> library =
        known.stream()
            .flatMap(engine -> named(engine.entryPoint(), factory.getClassLoader()).stream());
    return Stream.concat(Stream.of(factory), library)
        .flatMap(type -> origin(type).stream())
        .distinct()
        .toList();
  }

  /** Found but not initialised: that would load native code. */
  private static Optional<Class<?>> named(String name, ClassLoader loader) {
    try {
      return Optional.of(Class.forName(name, false, loader));
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.empty();
    }
  }

  private static Optional<String> origin(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return source == null || source.getLocation() == null
          ? Optional.empty()
          : Optional.of(Path.of(source.getLocation().toURI()).toString());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.of(source.getLocation().toString());
    }
  }
}
