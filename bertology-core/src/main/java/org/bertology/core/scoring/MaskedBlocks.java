package org.bertology.core.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.bertology.api.model.Mask;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.Progress;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Outcomes;

/**
 * A data set in blocks of examples of similar length, each of which is run many times under masks
 * that differ by example: the steps of a computation that can go on after a kill. What a block
 * gives depends on nothing outside of it.
 */
final class MaskedBlocks implements AutoCloseable {
  /** Enough for full batches on several threads, and little enough to lose. */
  private static final int BLOCK_ROWS = 2048;

  private final MaskedRows rows;
  private final EncodedData data;
  private final RunSettings settings;

  MaskedBlocks(Model model, EncodedData data, Mask kind, RunSettings settings) {
    requireLabels(data);
    this.rows = new MaskedRows(model, kind);
    this.data = data;
    this.settings = settings;
  }

  static void requireLabels(EncodedData data) {
    if (data.size() == 0 || data.examples().stream().anyMatch(e -> e.label().isEmpty())) {
      throw new IllegalArgumentException(
          "scores that are differences of losses need a label for every example; name the column");
    }
  }

  EncodedData data() {
    return data;
  }

  /** The blocks for so many rows per example. */
  List<List<EncodedExample>> blocks(int rowsPerExample) {
    List<EncodedExample> sorted =
        data.examples().stream()
            .sorted(
                Comparator.comparingInt(EncodedExample::length)
                    .reversed()
                    .thenComparingInt(EncodedExample::index))
            .toList();
    int size = Math.max(1, BLOCK_ROWS / rowsPerExample);
    List<List<EncodedExample>> blocks = new ArrayList<>();
    for (int start = 0; start < sorted.size(); start += size) {
      blocks.add(sorted.subList(start, Math.min(sorted.size(), start + size)));
    }
    return blocks;
  }

  /** Which row of a block: an example's position in it, and which of its masks. */
  record Row(int position, int number) {}

  /**
   * The outcomes of a block, {@code rowsPerExample} for each example one after the other.
   *
   * @param factors of a row's mask by layer
   */
  Outcomes run(
      List<EncodedExample> block,
      int rowsPerExample,
      Function<Row, float[][]> factors,
      ModelMask mask,
      Progress progress) {
    List<EncodedExample> copies = new ArrayList<>();
    for (EncodedExample example : block) {
      for (int number = 0; number < rowsPerExample; number++) {
        copies.add(example.at(copies.size()));
      }
    }
    return rows.run(
        copies,
        copy ->
            factors.apply(new Row(copy.index() / rowsPerExample, copy.index() % rowsPerExample)),
        mask,
        settings.withProgress(progress));
  }

  /** Tells the progress of one of many blocks as that of all. */
  Progress progress(int rowsBefore, long rowsInAll) {
    int all = (int) Math.min(Integer.MAX_VALUE, rowsInAll);
    return (done, total) -> settings.progress().report(rowsBefore + done, all);
  }

  @Override
  public void close() {
    rows.close();
  }
}
