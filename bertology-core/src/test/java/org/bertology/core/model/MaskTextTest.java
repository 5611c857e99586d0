package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Stack;
import org.bertology.api.model.T5;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskTextTest {
  /** Three layers of 4, 0 and 2 heads. */
  private static final TransformerConfig CONFIG =
      new TransformerConfig(
          new Bert(),
          10,
          8,
          List.of(layer(4), layer(0), layer(2)),
          16,
          2,
          1e-12,
          Activation.GELU,
          2);

  @TempDir Path directory;

  private static LayerGeometry layer(int heads) {
    return new LayerGeometry(heads, 2, 3);
  }

  private static ModelMask parse(String text) {
    return MaskText.parse(Mask.HEADS, text, CONFIG);
  }

  private String file(Tensor tensor) {
    Path file = directory.resolve("mask.npy");
    Npy.write(file, tensor, Existing.REPLACE);
    return file.toString();
  }

  @Test
  void headsToTakeAwayAreCountedFromOne() {
    ModelMask mask = parse(" 1:2,4  3:1 ");

    assertThat(mask.maskedCount(Mask.HEADS)).isEqualTo(3);
    assertThat(mask.get(Unit.head(0, 0))).isEqualTo(1);
    assertThat(mask.get(Unit.head(0, 1))).isZero();
    assertThat(mask.get(Unit.head(0, 3))).isZero();
    assertThat(mask.get(Unit.head(2, 0))).isZero();
    assertThat(mask.get(Unit.head(2, 1))).isEqualTo(1);
  }

  @Test
  void aHeadNamedTwiceIsMaskedOnce() {
    assertThat(parse("1:2,2 1:2").maskedCount(Mask.HEADS)).isEqualTo(1);
  }

  @Test
  void textOfAnotherFormIsRefused() {
    for (String wrong : List.of("1", "1:", "1:2;3", "1:2,", "a:1", "-1:2")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> parse("1:1 " + wrong))
          .withMessage(
              "head mask '1:1 %s': '%s' is not of the form layer:head,head (counted from 1)"
                  .formatted(wrong, wrong));
    }
  }

  @Test
  void anEmptyMaskIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("  "))
        .withMessage("head mask '  ': '' is not of the form layer:head,head (counted from 1)");
  }

  @Test
  void layersAndHeadsThatAreNotThereAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("4:1"))
        .withMessage("head mask '4:1': layer 4 is not between 1 and 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("0:1"))
        .withMessage("head mask '0:1': layer 0 is not between 1 and 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("1:5"))
        .withMessage("head mask '1:5': head 5 is not between 1 and 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("1:99999999999"))
        .withMessage("head mask '1:99999999999': head 99999999999 is not between 1 and 4");
  }

  @Test
  void aFileHoldsAFactorForEachHead() {
    float[] factors = {1, 0, 0.5f, 1, /* no heads */ 7, 7, 7, 7, 0, 2, /* only two */ 7, 7};

    ModelMask mask = parse(file(Tensor.of(factors, 3, 4)));

    assertThat(mask.get(Unit.head(0, 2))).isEqualTo(0.5f);
    assertThat(mask.get(Unit.head(2, 1))).isEqualTo(2);
    assertThat(mask.maskedCount(Mask.HEADS)).isEqualTo(2);
  }

  @Test
  void aFileOfWholeNumbersIsAMaskToo() {
    long[] factors = {1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

    assertThat(parse(file(Tensor.of(factors, 3, 4))).maskedCount(Mask.HEADS)).isEqualTo(1);
  }

  @Test
  void aMissingFileIsRefused() {
    Path missing = directory.resolve("none.npy");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(missing.toString()))
        .withMessage(
            "head mask '%s' does not exist; expected a .npy file, or heads such as 1:2,3"
                .formatted(missing));
  }

  @Test
  void aFileOfAnotherShapeIsRefused() {
    String file = file(Tensor.filled(1, 4, 3));

    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> parse(file))
        .withMessage("head mask '%s' has shape [4, 3], the model needs [3, 4]".formatted(file));
  }

  @Test
  void aFileWithoutFiniteNumbersIsRefused() {
    float[] factors = {1, 1, 1, 1, 1, 1, 1, 1, 1, Float.NaN, 1, 1};
    String file = file(Tensor.of(factors, 3, 4));

    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> parse(file))
        .withMessage(
            "head mask '%s' holds NaN at layer 3, head 2; expected finite numbers".formatted(file));
  }

  @Test
  void everyExampleOfABatchGetsTheMask() {
    ModelInputs inputs =
        new ModelInputs(List.of(new int[] {1}, new int[] {2}), List.of(new int[1], new int[1]), 0);

    Map<String, Tensor> tensors = parse("3:2").addTo(inputs).tensors();

    assertThat(tensors).containsKey("head_mask.0").doesNotContainKey("head_mask.1");
    assertThat(tensors.get("head_mask.2").shape()).containsExactly(2, 2);
    assertThat(tensors.get("head_mask.2").toFloats()).containsExactly(1, 0, 1, 0);
  }

  @Test
  void neuronsAreWrittenLikeHeads() {
    ModelMask mask = MaskText.parse(Mask.NEURONS, "2:3 3:1,2", CONFIG);

    assertThat(mask.masked(Mask.NEURONS))
        .containsExactly(Unit.neuron(1, 2), Unit.neuron(2, 0), Unit.neuron(2, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MaskText.parse(Mask.NEURONS, "2:4", CONFIG))
        .withMessage("neuron mask '2:4': neuron 4 is not between 1 and 3");
  }

  @Test
  void layersAreWrittenAsNumbers() {
    ModelMask mask = MaskText.parse(Mask.LAYERS, "1,3", CONFIG);

    assertThat(mask.masked(Mask.LAYERS)).containsExactly(Unit.layer(0), Unit.layer(2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MaskText.parse(Mask.LAYERS, "1:3", CONFIG))
        .withMessage("layer mask '1:3': '1:3' is not of the form layer,layer (counted from 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MaskText.parse(Mask.LAYERS, "4", CONFIG))
        .withMessage("layer mask '4': layer 4 is not between 1 and 3");
  }

  @Test
  void aFileOfLayersHasOneColumn() {
    String file = file(Tensor.of(new float[] {1, 0, 1}, 3, 1));

    ModelMask mask = MaskText.parse(Mask.LAYERS, file, CONFIG);

    assertThat(mask.masked(Mask.LAYERS)).containsExactly(Unit.layer(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"HEADS | 1:2,3 3:1", "NEURONS | 2:1,3", "LAYERS | 1,2"})
  void whatAMaskTakesAwayIsWrittenAsItIsRead(Mask kind, String text) {
    ModelMask mask = MaskText.parse(kind, text, CONFIG);

    assertThat(MaskText.of(kind, mask)).isEqualTo(text);
  }

  @Test
  void aMaskOfNothingIsAnEmptyText() {
    assertThat(MaskText.of(Mask.HEADS, ModelMask.ones(CONFIG))).isEmpty();
    assertThat(MaskText.of(Mask.LAYERS, ModelMask.ones(CONFIG))).isEmpty();
  }

  @Test
  void aLayerOfAStackIsNamedWithIt() {
    TransformerConfig t5 = encoderAndDecoder();

    ModelMask heads = MaskText.parse(Mask.HEADS, "encoder.2:1,3 cross.1:2", t5);
    ModelMask layers = MaskText.parse(Mask.LAYERS, "encoder.1,decoder.1", t5);

    assertThat(heads.masked(Mask.HEADS))
        .containsExactly(Unit.head(1, 0), Unit.head(1, 2), Unit.head(3, 1));
    assertThat(layers.masked(Mask.LAYERS)).containsExactly(Unit.layer(0), Unit.layer(2));
    assertThat(MaskText.of(Mask.HEADS, heads)).isEqualTo("encoder.2:1,3 cross.1:2");
    assertThat(MaskText.of(Mask.LAYERS, layers)).isEqualTo("encoder.1,decoder.1");
  }

  @Test
  void crossAttentionHasNoNeuronsToName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MaskText.parse(Mask.NEURONS, "cross.1:2", encoderAndDecoder()))
        .withMessage(
            "neuron mask 'cross.1:2': 'cross.1:2' is not of the form encoder.layer:neuron,neuron"
                + " (counted from 1; stacks: encoder, decoder)");
  }

  /** Two layers of an encoder, one of a decoder. */
  private static TransformerConfig encoderAndDecoder() {
    return new TransformerConfig(
        new T5(8, 16, false, false, 0),
        10,
        8,
        List.of(
            new LayerGeometry(Stack.ENCODER, 4, 2, 3),
            new LayerGeometry(Stack.ENCODER, 4, 2, 3),
            new LayerGeometry(Stack.DECODER, 4, 2, 3),
            new LayerGeometry(Stack.CROSS, 4, 2, 0)),
        16,
        0,
        1e-6,
        Activation.RELU,
        2);
  }
}
