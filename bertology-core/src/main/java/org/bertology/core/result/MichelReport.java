package org.bertology.core.result;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bertology.core.benchmark.ModelBenchmark;
import org.bertology.core.experiment.MichelData;
import org.bertology.core.experiment.MichelOptions;
import org.bertology.core.experiment.MichelResult;
import org.bertology.core.experiment.Transfer;
import org.bertology.core.importance.Criterion;
import org.bertology.core.model.Model;
import org.bertology.core.prune.ModelCosts;
import org.bertology.core.prune.ModelSize;
import org.bertology.core.prune.PruningData;
import org.bertology.core.statistics.Histogram;
import org.bertology.core.statistics.Measure;

/**
 * A study in the way of Michel et al. (2019), with its differences, intervals and tests.
 *
 * @param leaveOneOut without each head, section 3.2
 * @param keepOne with a single head in a layer, section 3.3
 * @param transfer the agreement with other data on each measure, section 3.4; none without them
 * @param curves with fewer and fewer heads, section 4
 * @param speed of half of the heads, section 4.3, if it was measured
 */
public record MichelReport(
    MichelOptions options,
    MichelData data,
    MichelResult result,
    AblationReport leaveOneOut,
    AblationReport keepOne,
    List<Transfer> transfer,
    PruningReport curves,
    Optional<ModelBenchmark> speed) {
  private static final int BINS = 10;

  public MichelReport {
    transfer = List.copyOf(transfer);
  }

  /** The report of a study; computes intervals and tests. */
  public static MichelReport of(
      Model model, MichelData data, MichelOptions options, MichelResult result) {
    AblationReport leaveOneOut =
        AblationReport.of(
            result.leaveOneOut(), data.evaluation(), Optional.empty(), options.comparison());
    AblationReport keepOne =
        AblationReport.of(
            result.keepOne(), data.evaluation(), Optional.empty(), options.comparison());
    return new MichelReport(
        options,
        data,
        result,
        leaveOneOut,
        keepOne,
        transfer(leaveOneOut.main(), options, result),
        curves(model, data, options, result),
        Optional.empty());
  }

  private static List<Transfer> transfer(Measure main, MichelOptions options, MichelResult result) {
    return result
        .other()
        .map(
            other ->
                Stream.of(main, Measure.loss())
                    .distinct()
                    .map(
                        measure ->
                            Transfer.of(measure, result.leaveOneOut(), other, options.comparison()))
                    .toList())
        .orElse(List.of());
  }

  private static PruningReport curves(
      Model model, MichelData data, MichelOptions options, MichelResult result) {
    int length = ModelCosts.usualLength(model.config());
    ModelCosts costs = new ModelCosts(model, length, Optional.empty());
    List<Optional<ModelSize>> sizes =
        result.curves().curve().points().stream()
            .map(point -> costs.sizeIfCut(point.mask()))
            .toList();
    return new PruningReport(
        result.pruning(),
        result.curves(),
        Criterion.GRADIENT.key(),
        new PruningData(data.importance(), data.evaluation(), Optional.empty()),
        sizes,
        length,
        Optional.empty(),
        Optional.empty(),
        options.comparison().resamples(),
        options.run().batchTokens(),
        false);
  }

  /** The same with measured speeds. */
  public MichelReport withSpeed(Optional<ModelBenchmark> changed) {
    return new MichelReport(options, data, result, leaveOneOut, keepOne, transfer, curves, changed);
  }

  /** How the differences without a head are distributed over heads: Figure 1. */
  public Histogram histogram() {
    double[] differences =
        leaveOneOut.rows().stream().mapToDouble(row -> row.main().difference()).toArray();
    return Histogram.of(differences, BINS);
  }
}
