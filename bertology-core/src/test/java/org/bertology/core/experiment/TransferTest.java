package org.bertology.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bertology.core.GoldenModel;
import org.bertology.core.ablation.Ablation;
import org.bertology.core.ablation.AblationOptions;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedData;
import org.bertology.core.statistics.Interval;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.PairedComparison;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferTest {
  private static final Offset<Double> ROUNDING = within(1e-12);
  private static final PairedComparison COMPARISON = PairedComparison.defaults().withResamples(50);

  @TempDir Path directory;

  private GoldenModel golden;

  @BeforeEach
  void open() {
    golden = new GoldenModel(directory, "bert-sequence-classification");
  }

  @AfterEach
  void close() {
    golden.close();
  }

  private Ablation ablation(EncodedData data) {
    return Ablation.of(golden.model(), data, AblationOptions.defaults());
  }

  @Test
  void theSameDataAgreesWithItself() {
    Ablation ablation = ablation(golden.data());

    Transfer transfer = Transfer.of(Measure.loss(), ablation, ablation, COMPARISON);

    Interval interval = transfer.interval().orElseThrow();
    assertThat(transfer.measure()).isEqualTo(Measure.loss());
    assertThat(transfer.pearson()).isCloseTo(1, ROUNDING);
    assertThat(interval.low()).isCloseTo(1, ROUNDING);
    assertThat(interval.high()).isCloseTo(1, ROUNDING);
  }

  @Test
  void withoutResamplesThereIsNoInterval() {
    Ablation ablation = ablation(golden.data());

    Transfer transfer =
        Transfer.of(Measure.loss(), ablation, ablation, COMPARISON.withResamples(0));

    assertThat(transfer.interval()).isEmpty();
  }

  @Test
  void otherHeadsCannotBeCompared() {
    ModelMask mask = ModelMask.ones(golden.model().config()).without(List.of(Unit.head(0, 0)));
    Ablation some = Ablation.of(golden.model(), golden.data(), mask, AblationOptions.defaults());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Transfer.of(Measure.loss(), ablation(golden.data()), some, COMPARISON))
        .withMessage("the two ablations are of different heads");
  }
}
