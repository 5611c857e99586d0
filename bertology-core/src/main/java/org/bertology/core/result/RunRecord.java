package org.bertology.core.result;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What differs from one run to the next: times, the machine, and the command. No result depends on
 * it.
 *
 * @param started when the run began
 * @param seconds how long it took, loading included
 * @param command the words of the command line, empty where there was none
 */
public record RunRecord(Instant started, double seconds, List<String> command) {
  public RunRecord {
    command = List.copyOf(command);
  }

  JsonObject toJson() {
    JsonObject run = new JsonObject();
    run.addProperty("started", started.truncatedTo(ChronoUnit.SECONDS).toString());
    run.add("seconds", Json.number(Math.round(seconds * 1000) / 1000.0));
    run.add("command", Json.texts(command));
    run.addProperty("system", property("os.name") + " " + property("os.version"));
    run.addProperty("architecture", property("os.arch"));
    run.addProperty("java", property("java.vm.name") + " " + property("java.version"));
    run.addProperty("processors", Runtime.getRuntime().availableProcessors());
    return run;
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
