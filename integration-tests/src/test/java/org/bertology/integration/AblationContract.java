package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.model.Mask;
import org.bertology.core.ablation.Ablation;
import org.bertology.core.ablation.AblationMode;
import org.bertology.core.ablation.AblationOptions;
import org.bertology.core.ablation.MaskSweep;
import org.bertology.core.backend.Backends;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.Test;

/**
 * A fine-tuned model of six layers with twelve heads on all of its examples, without each head and
 * with each head alone in its layer, against what PyTorch gives for the same masks.
 */
abstract class AblationContract {
  /** Two float32 implementations with other orders of summation. */
  private static final Offset<Double> FLOAT32 = Offset.offset(1e-4);

  private static final int MAX_LENGTH = 128;
  private static final int HEADS = 12;
  private static final int ALL_HEADS = 72;

  /** Of all heads; an example whose logits are all but equal may fall to either class. */
  private static final int MAY_DIFFER_BY_ONE = 2;

  /** One head of each layer, another one in each. */
  static final int ONE_OF_EACH_LAYER = HEADS + 1;

  static final int EVERY_HEAD = 1;

  private final Path directory;
  private final String engine;
  private final ExampleSource source;
  private final int stride;

  /**
   * A contract.
   *
   * @param directory the model, with its results under {@code reference}
   * @param stride every how many heads one is ablated
   */
  AblationContract(Path directory, String engine, ExampleSource source, int stride) {
    this.directory = directory;
    this.engine = engine;
    this.source = source;
    this.stride = stride;
  }

  @Test
  void leavingOutAHeadIsWhatItIsInPyTorch() throws IOException {
    assertReference(AblationMode.LEAVE_ONE_OUT, "leave_one_out");
  }

  @Test
  void keepingOneHeadOfALayerIsWhatItIsInPyTorch() throws IOException {
    assertReference(AblationMode.KEEP_ONE, "all_but_one");
  }

  private void assertReference(AblationMode mode, String key) throws IOException {
    String json = Files.readString(directory.resolve("reference").resolve("reference.json"));
    JsonArray expected = JsonParser.parseString(json).getAsJsonObject().getAsJsonArray(key);
    int[] heads = IntStream.iterate(0, head -> head < ALL_HEADS, head -> head + stride).toArray();

    List<Predictions> ablated = run(mode, heads);

    assertThat(ablated).hasSize(heads.length);
    int differing = 0;
    for (int i = 0; i < heads.length; i++) {
      JsonObject head =
          expected.get(heads[i] / HEADS).getAsJsonArray().get(heads[i] % HEADS).getAsJsonObject();
      int correct = head.get("correct").getAsInt();
      String name = "%s of head %d".formatted(mode.key(), heads[i]);
      assertThat(ablated.get(i).correct()).as(name).isBetween(correct - 1, correct + 1);
      assertThat(ablated.get(i).meanLoss())
          .as(name)
          .isCloseTo(head.get("loss").getAsDouble(), FLOAT32);
      differing += ablated.get(i).correct() == correct ? 0 : 1;
    }
    assertThat(differing).isLessThanOrEqualTo(MAY_DIFFER_BY_ONE / stride);
  }

  private List<Predictions> run(AblationMode mode, int[] heads) {
    try (Backend backend = Backends.onClassPath().open(engine, BackendConfig.defaults());
        Model model = Model.open(directory, backend)) {
      EncodedData data = EncodedData.of(source.readAll(), model.tokenizer(), MAX_LENGTH);
      if (stride == EVERY_HEAD) {
        return Ablation.of(model, data, AblationOptions.defaults().withMode(mode)).ablated();
      }
      ModelMask ones = ModelMask.ones(model.config());
      List<ModelMask> masks = new ArrayList<>();
      for (int head : heads) {
        masks.add(ones.without(takenAway(mode, ones, head)));
      }
      try (MaskSweep sweep = MaskSweep.open(model, ones, masks, RunSettings.defaults())) {
        return sweep.run(data);
      }
    }
  }

  private static List<Unit> takenAway(AblationMode mode, ModelMask ones, int head) {
    Unit unit = Unit.head(head / HEADS, head % HEADS);
    return switch (mode) {
      case LEAVE_ONE_OUT -> List.of(unit);
      case KEEP_ONE ->
          ones.units(Mask.HEADS).stream()
              .filter(other -> other.layer() == unit.layer() && !other.equals(unit))
              .toList();
    };
  }
}
