package org.bertology.core.checkpoint.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table from the names of TensorFlow's variables to those of PyTorch's parameters. {@code #} in
 * both stands for a number, the same one.
 */
final class VariableNames {
  private final List<Rule> rules = new ArrayList<>();

  private record Rule(Pattern variable, String parameter, boolean transposed) {}

  /**
   * A parameter.
   *
   * @param transposed whether the variable is a matrix {@code [in, out]} and the parameter {@code
   *     [out, in]}
   */
  record Parameter(String name, boolean transposed) {}

  /** Adds a variable that is a parameter as it is. */
  VariableNames variable(String variable, String parameter) {
    return add(variable, parameter, false);
  }

  /** Adds the kernel and the bias of a dense layer. */
  VariableNames dense(String scope, String module) {
    return add(scope + "/kernel", module + ".weight", true)
        .add(scope + "/bias", module + ".bias", false);
  }

  /** Adds the factor and the summand of a layer norm. */
  VariableNames norm(String scope, String module) {
    return add(scope + "/gamma", module + ".weight", false)
        .add(scope + "/beta", module + ".bias", false);
  }

  private VariableNames add(String variable, String parameter, boolean transposed) {
    Pattern pattern = Pattern.compile(Pattern.quote(variable).replace("#", "\\E(\\d{1,9})\\Q"));
    rules.add(new Rule(pattern, parameter, transposed));
    return this;
  }

  /** The parameter that a variable is; empty if the table does not have it. */
  Optional<Parameter> parameter(String variable) {
    for (Rule rule : rules) {
      Matcher matcher = rule.variable().matcher(variable);
      if (matcher.matches()) {
        return Optional.of(new Parameter(named(rule.parameter(), matcher), rule.transposed()));
      }
    }
    return Optional.empty();
  }

  private static String named(String parameter, Matcher numbers) {
    String name = parameter;
    for (int group = 1; group <= numbers.groupCount(); group++) {
      name = name.replaceFirst("#", numbers.group(group));
    }
    return name;
  }
}
