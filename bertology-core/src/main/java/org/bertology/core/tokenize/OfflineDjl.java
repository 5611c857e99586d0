package org.bertology.core.tokenize;

import java.util.List;
import java.util.function.Supplier;

/**
 * DJL kept from the network while it loads: it would fetch other builds of its library, and report
 * each start to its makers. Its switches are properties of the whole virtual machine, in which
 * others may use DJL as well, so they are put back afterwards.
 */
final class OfflineDjl {
  private static final List<String> SWITCHES = List.of("OPT_OUT_TRACKING", "ai.djl.offline");

  private OfflineDjl() {}

  /** Does work with the switches on, unless somebody has set them to something else. */
  static synchronized <T> T call(Supplier<T> work) {
    List<String> unset =
        SWITCHES.stream().filter(name -> System.getProperty(name) == null).toList();
    unset.forEach(name -> System.setProperty(name, "true"));
    try {
      return work.get();
    } finally {
      unset.forEach(System::clearProperty);
    }
  }
}
