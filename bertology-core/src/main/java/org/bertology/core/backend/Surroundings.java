package org.bertology.core.backend;

import java.util.OptionalLong;

/**
 * The machine and virtual machine that engines run on.
 *
 * @param java the virtual machine's name and version
 * @param javaHome where it lies
 * @param system name and version of the operating system
 * @param architecture of the processor, as Java names it
 * @param processors that Java may use
 * @param memoryBytes of the machine or container, if known
 * @param heapBytes the most that Java objects may take; engines use memory beside it
 */
public record Surroundings(
    String java,
    String javaHome,
    String system,
    String architecture,
    int processors,
    OptionalLong memoryBytes,
    long heapBytes) {

  /** Those of this process, except for the memory, which takes another module to find out. */
  public static Surroundings ofThisProcess(OptionalLong memoryBytes) {
    return new Surroundings(
        property("java.vm.name") + " " + property("java.version"),
        property("java.home"),
        property("os.name") + " " + property("os.version"),
        property("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        memoryBytes,
        Runtime.getRuntime().maxMemory());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
