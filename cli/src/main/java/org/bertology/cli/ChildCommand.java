package org.bertology.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that starts this program again, on the same Java with the same options and class
 * path.
 *
 * @param words up to the program's own arguments
 */
record ChildCommand(List<String> words) {
  ChildCommand {
    words = List.copyOf(words);
  }

  static ChildCommand of(MainClass main) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(ChildCommand::isShareable)
        .forEach(words::add);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.type().getName()));
    return new ChildCommand(words);
  }

  /** Two processes cannot listen on one port. */
  private static boolean isShareable(String option) {
    return !option.startsWith("-agentlib:jdwp")
        && !option.startsWith("-Xrunjdwp")
        && !option.startsWith("-Dcom.sun.management.jmxremote");
  }

  List<String> with(List<String> arguments) {
    List<String> all = new ArrayList<>(words);
    all.addAll(arguments);
    return all;
  }
}
