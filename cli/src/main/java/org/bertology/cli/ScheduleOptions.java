package org.bertology.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prune.Amount;
import org.bertology.core.prune.Budget;
import org.bertology.core.prune.Schedule;
import org.bertology.core.prune.Threshold;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How far to prune, and in which steps. */
final class ScheduleOptions {
  private static final double USUAL_THRESHOLD = 0.9;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--amounts",
      paramLabel = "LIST",
      split = ",",
      description =
          "Prune in steps up to these amounts, by one ranking (Michel et al. 2019):"
              + " 10%%,20%%,30%% of all units, or numbers of them. The last is the result, or with"
              + " --threshold the last before the metric falls below (default: tenths, with"
              + " --threshold 0.9).")
  private List<String> amounts = List.of();

  @Option(
      names = "--re-estimate",
      description = "With --amounts: score what is left anew before every step.")
  private boolean reEstimate;

  @Option(
      names = "--threshold",
      paramLabel = "FRACTION",
      description =
          "The least metric, as a fraction of the whole model's; of a metric that is not positive,"
              + " 0.9 allows to lose 0.1.")
  private Optional<Double> threshold = Optional.empty();

  @Option(
      names = "--amount",
      paramLabel = "AMOUNT",
      description =
          "Prune so much of all units in every step, scored anew each time, for as long as the"
              + " metric keeps --threshold (default 0.9), as Hugging Face's script does: 10%%, 0.1"
              + " or a number.")
  private Optional<String> amount = Optional.empty();

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      description =
          "Prune as little as makes the model cost no more than this: parameters=50%%, flops=1.5G,"
              + " bytes=20MB or latency=5ms; latency is measured on one example.")
  private Optional<String> budget = Optional.empty();

  /** The schedule; a given mask is one. */
  Schedule schedule(Optional<ModelMask> mask) {
    requireOneKind(mask.isPresent());
    if (mask.isPresent()) {
      return new Schedule.Given(mask.get());
    }
    if (budget.isPresent()) {
      return new Schedule.ToBudget(Budget.parse(budget.get()));
    }
    Optional<Threshold> least = threshold.map(Threshold::new);
    if (amount.isPresent()) {
      return new Schedule.WhileAbove(
          least.orElseGet(() -> new Threshold(USUAL_THRESHOLD)), Amount.parse(amount.get()));
    }
    if (amounts.isEmpty()) {
      return new Schedule.Amounts(
          tenths(), reEstimate, Optional.of(least.orElseGet(() -> new Threshold(USUAL_THRESHOLD))));
    }
    return new Schedule.Amounts(amounts.stream().map(Amount::parse).toList(), reEstimate, least);
  }

  private static List<Amount> tenths() {
    return IntStream.range(1, 10).mapToObj(i -> Amount.ofPercent(10 * i)).toList();
  }

  private void requireOneKind(boolean mask) {
    List<String> kinds =
        Stream.of(
                mask ? "a mask" : "",
                budget.isPresent() ? "--budget" : "",
                amount.isPresent() ? "--amount" : "",
                amounts.isEmpty() ? "" : "--amounts")
            .filter(kind -> !kind.isEmpty())
            .toList();
    if (kinds.size() > 1) {
      throw refused(
          "%s and %s each say how far to prune; give one of them"
              .formatted(kinds.get(0), kinds.get(1)));
    }
    if (threshold.isPresent() && (mask || budget.isPresent())) {
      throw refused(
          "%s says how far to prune, and --threshold would too; give one of them"
              .formatted(kinds.get(0)));
    }
    if (reEstimate && (mask || budget.isPresent() || amount.isPresent())) {
      throw refused("--re-estimate goes with --amounts, not with " + kinds.get(0));
    }
  }

  private ParameterException refused(String message) {
    CommandLine commandLine = spec.commandLine();
    return new ParameterException(commandLine, message);
  }
}
