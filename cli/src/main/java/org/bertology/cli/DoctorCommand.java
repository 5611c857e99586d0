package org.bertology.cli;

import com.google.inject.Inject;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.bertology.core.backend.EngineDiagnosis;
import org.bertology.core.backend.Surroundings;
import org.bertology.core.result.DoctorJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bertology doctor}. */
@Command(
    name = "doctor",
    description = {
      "Which engines this installation has, whether each works, and what to do if one does not.",
      "",
      "Each engine is tried in a process of its own. A missing or broken engine is a finding, not a"
          + " failure: the exit code is 0.",
      ""
    },
    sortOptions = false,
    footer = {"", "Examples:", "  bertology doctor", "  bertology doctor --json"})
final class DoctorCommand implements Callable<Integer> {
  private static final String TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";

  private final Console console;
  private final EngineDoctor doctor;
  private final UnusableBackends unusable;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Inject
  DoctorCommand(Console console, EngineDoctor doctor, UnusableBackends unusable) {
    this.console = console;
    this.doctor = doctor;
    this.unusable = unusable;
  }

  @Override
  public Integer call() {
    Surroundings surroundings = Surroundings.ofThisProcess(memory());
    List<EngineDiagnosis> diagnoses = doctor.diagnoses();
    List<String> notes = new ArrayList<>(unusable.sentences());
    notes.add(telemetry(System.getenv().getOrDefault(TELEMETRY_SWITCH, "")));
    if (json) {
      console.out().print(DoctorJson.of(surroundings, diagnoses, notes));
    } else {
      new DoctorView(console).print(surroundings, diagnoses, notes);
    }
    return ExitCode.OK;
  }

  static String telemetry(String value) {
    return value.equals("1")
        ? "%s is 1: no version of ONNX Runtime collects usage data".formatted(TELEMETRY_SWITCH)
        : "%s is not 1: ONNX Runtime 1.29 and later collect usage data, earlier versions do not"
            .formatted(TELEMETRY_SWITCH);
  }

  private static OptionalLong memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? OptionalLong.of(system.getTotalMemorySize())
        : OptionalLong.empty();
  }
}
