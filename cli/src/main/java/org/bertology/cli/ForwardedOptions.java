package org.bertology.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Options as they were given to one command, for another that has the same. */
final class ForwardedOptions {
  private ForwardedOptions() {}

  /**
   * The words for all options that were given and that the receiver has too, without those of all
   * commands.
   *
   * @param except names of options that are left out
   */
  static List<String> of(ParseResult given, CommandSpec receiver, List<String> except) {
    List<String> words = new ArrayList<>();
    for (OptionSpec option : given.matchedOptions()) {
      String name = option.longestName();
      boolean shared = receiver.findOption(name) != null && !except.contains(name);
      if (!shared || option.inherited()) {
        continue;
      }
      if (option.arity().max() == 0) {
        words.add(name);
      } else {
        option.originalStringValues().forEach(value -> words.add(name + "=" + value));
      }
    }
    return words;
  }
}
