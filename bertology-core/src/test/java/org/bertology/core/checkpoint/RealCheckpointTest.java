package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads a published model, stored in half precision, where it is at hand. */
class RealCheckpointTest {
  private static final Path MODEL = Path.of("../../shared/models/minilm-sst2");

  /** The sum is over doubles in the same order, so only the order of rounding could differ. */
  private static final double SUM_TOLERANCE = 1e-9;

  @TempDir Path directory;

  @BeforeEach
  void findTheModel() {
    assumeTrue(Files.isDirectory(MODEL), "the model minilm-sst2 is not at hand");
  }

  @Test
  void namesAndShapesAreThoseOfTheArchitecture() {
    Checkpoint checkpoint = Checkpoint.open(MODEL);

    assertThat(checkpoint.config().layers()).hasSize(6);
    assertThat(checkpoint.config().layers().get(0).headSize()).isEqualTo(32);
    assertThat(checkpoint.config().labels()).isEqualTo(List.of("LABEL_0", "LABEL_1"));
    assertThat(checkpoint.weights().names())
        .hasSize(105)
        .startsWith(
            "bert.embeddings.LayerNorm.bias",
            "bert.embeddings.LayerNorm.weight",
            "bert.embeddings.position_embeddings.weight")
        .endsWith("classifier.weight");
    assertThat(checkpoint.weights().shape("bert.embeddings.word_embeddings.weight"))
        .containsExactly(30522, 384);
  }

  // The expected numbers were decoded from the file by Python's struct module (format 'e').
  @Test
  void halvesHaveTheirExactValues() {
    Checkpoint checkpoint = Checkpoint.open(MODEL);

    Tensor words = checkpoint.weights().get("bert.embeddings.word_embeddings.weight");
    float[] values = words.toFloats();

    assertThat(words.type()).isEqualTo(DType.F32);
    assertThat(values)
        .startsWith(-0.0199737548828125f, -0.0034008026123046875f, -0.0146636962890625f)
        .endsWith(0.004566192626953125f);
    assertThat(sum(values)).isCloseTo(142.80212426185608, within(SUM_TOLERANCE));
    assertThat(subnormalHalves(values)).isEqualTo(11297);
    assertThat(checkpoint.weights().get("classifier.weight").toFloats())
        .startsWith(-0.027557373046875f, -0.02166748046875f, 0.007549285888671875f);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static int subnormalHalves(float[] values) {
    int count = 0;
    for (float value : values) {
      count += value != 0 && Math.abs(value) < 0x1p-14f ? 1 : 0;
    }
    return count;
  }

  @Test
  void storingAsHalvesGivesTheSameDataAgain() {
    SafeTensors original = SafeTensors.open(MODEL.resolve("model.safetensors"));
    SafeTensorsWriter writer = new SafeTensorsWriter();
    for (String name : original.names()) {
      writer.add(name, original.get(name), StoredType.F16);
    }
    Path copy = directory.resolve("copy.safetensors");

    writer.write(copy, Existing.REFUSE);

    assertThat(copy).hasSameBinaryContentAs(original.file());
  }

  @Test
  void arraysAreWrittenAsNumPyWritesThem() throws IOException {
    Path logits = MODEL.resolve("reference/dev_logits.npy");

    Tensor tensor = Npy.read(logits);
    Path copy = directory.resolve("copy.npy");
    Npy.write(copy, tensor, Existing.REFUSE);

    assertThat(tensor.shape()).containsExactly(872, 2);
    assertThat(tensor.type()).isEqualTo(DType.F32);
    assertThat(Files.mismatch(copy, logits)).isEqualTo(-1);
  }
}
