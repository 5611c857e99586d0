package org.bertology.cli;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.bertology.core.backend.EngineDiagnosis;
import org.bertology.core.backend.Surroundings;
import org.bertology.core.result.Version;

/** What was found about engines, as a person reads it. */
final class DoctorView {
  private static final double GIBIBYTE = 1 << 30;

  private final Console console;

  DoctorView(Console console) {
    this.console = console;
  }

  void print(Surroundings surroundings, List<EngineDiagnosis> diagnoses, List<String> notes) {
    line("bertology", Version.current());
    line("java", "%s in %s".formatted(surroundings.java(), surroundings.javaHome()));
    line(
        "system",
        "%s, %s, %d processors"
            .formatted(
                surroundings.system(), surroundings.architecture(), surroundings.processors()));
    line(
        "memory",
        "%s, of which Java objects may take %s"
            .formatted(
                gibibytes(surroundings.memoryBytes()),
                gibibytes(OptionalLong.of(surroundings.heapBytes()))));
    notes.forEach(note -> line("note", note));
    diagnoses.forEach(this::print);
  }

  private void print(EngineDiagnosis engine) {
    console.out().println();
    line(
        engine.backend(),
        switch (engine.state()) {
          case WORKS -> "works: " + engine.found().map(EngineDiagnosis.Found::version).orElse("");
          case FAILS -> "does not work: " + engine.problem().orElse("");
          case MISSING -> title(engine) + "is not on the class path";
        });
    engine.advice().ifPresent(advice -> line("  to do", advice));
    engine.found().ifPresent(this::print);
    engine.jars().forEach(jar -> line("  classes", jar));
    engine.warnings().forEach(warning -> line("  warning", warning));
  }

  private static String title(EngineDiagnosis engine) {
    return engine.title().map(title -> title + " ").orElse("");
  }

  private void print(EngineDiagnosis.Found found) {
    line("  devices", String.join(", ", found.devices()));
    line("  can", found.capabilities().isEmpty() ? "-" : String.join(", ", found.capabilities()));
    found.natives().forEach(file -> line("  natives", file));
  }

  private static String gibibytes(OptionalLong bytes) {
    return bytes.isPresent()
        ? String.format(Locale.ROOT, "%.1f GiB", bytes.getAsLong() / GIBIBYTE)
        : "unknown";
  }

  private void line(String name, String text) {
    console.out().println(String.format(Locale.ROOT, "%-10s  %s", name, text));
  }
}
