package org.bertology.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.prove.Proof;

/** How far a pruned model is from the masked one. */
final class ProofView {
  private final Console console;
  private final Proof proof;

  ProofView(Console console, Proof proof) {
    this.console = console;
    this.proof = proof;
  }

  /**
   * The pruned model, and the largest difference and where it is.
   *
   * @param ids the names of the examples
   */
  void print(Path directory, TransformerConfig config, List<String> ids) {
    line("pruned", "%s (%s)".formatted(SummaryView.name(directory), SummaryView.geometry(config)));
    line("difference", difference(ids));
    if (proof.holds()) {
      line(
          "proof", "holds: at most %s of the largest logit".formatted(fraction(proof.tolerance())));
    }
  }

  private String difference(List<String> ids) {
    if (proof.example().isEmpty()) {
      return "none; the largest logit is %s".formatted(number(proof.largest()));
    }
    return "%s, %s of the largest logit (%s), at %s"
        .formatted(
            fraction(proof.absolute()),
            fraction(proof.relative()),
            number(proof.largest()),
            ids.get(proof.example().getAsInt()));
  }

  /** One sentence on a proof that does not hold. */
  static String failure(Proof proof) {
    return "the pruned model differs from the masked one by %s of the largest logit at example %d, more than the tolerance %s"
        .formatted(
            fraction(proof.relative()), proof.example().orElse(0) + 1, fraction(proof.tolerance()));
  }

  private static String fraction(double value) {
    return ComparisonView.fraction(value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  private void line(String name, String text) {
    console.out().println(String.format(Locale.ROOT, "%-10s  %s", name, text));
  }
}
