package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedWeightsTest {
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path directory;

  private Path index;

  @BeforeEach
  void writeTheShards() {
    index = directory.resolve("model.safetensors.index.json");
    new SafeTensorsWriter()
        .add("a", Tensor.of(new float[] {1}, 1))
        .add("unnamed", Tensor.filled(0, 1))
        .write(directory.resolve(FIRST), Existing.REFUSE);
    new SafeTensorsWriter()
        .add("b", Tensor.of(new float[] {2, 3}, 1, 2))
        .add("positions", Tensor.of(new long[] {0, 1}, 2))
        .write(directory.resolve(SECOND), Existing.REFUSE);
  }

  @Test
  void tensorsComeFromTheShardsThatTheIndexNames() throws IOException {
    writeIndex("'b':'" + SECOND + "','a':'" + FIRST + "','positions':'" + SECOND + "'");

    ShardedWeights tensors = ShardedWeights.open(index, SafeTensors::open);

    assertThat(tensors.names()).containsExactly("b", "a", "positions");
    assertThat(tensors.get("a").toFloats()).containsExactly(1);
    assertThat(tensors.get("b").toFloats()).containsExactly(2, 3);
    assertThat(tensors.shape("b")).containsExactly(1, 2);
    assertThat(tensors.tensor("positions").toLongs()).containsExactly(0, 1);
    assertThat(tensors.shards())
        .containsExactly(directory.resolve(FIRST), directory.resolve(SECOND));
    assertThatThrownBy(() -> tensors.get("unnamed"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' has no tensor 'unnamed'", index);
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    writeIndex("'a':'model-3.safetensors'");

    assertRefused(
        "'%s' names the shard 'model-3.safetensors' for tensor 'a', but the file is missing");
  }

  @Test
  void aTensorThatItsShardLacksIsNamed() throws IOException {
    writeIndex("'a':'" + SECOND + "'");

    assertRefused("'%s' says that tensor 'a' is in '" + SECOND + "', which lacks it");
  }

  @Test
  void aShardOutsideTheDirectoryIsRefused() throws IOException {
    writeIndex("'a':'../" + FIRST + "'");

    assertRefused(
        "'%s' names the shard '../"
            + FIRST
            + "' for tensor 'a'; expected a file name without directories");
  }

  @Test
  void anIndexWithoutWeightMapIsRefused() throws IOException {
    Files.writeString(index, "{\"metadata\":{}}");

    assertRefused("'%s': the key 'weight_map' is missing");
  }

  @Test
  void aWeightMapThatNamesNoFileIsRefused() throws IOException {
    writeIndex("'a':1");

    assertRefused("'%s' 'weight_map': 'a' must be a string, got 1");
  }

  @Test
  void anIndexThatIsNotJsonIsRefused() throws IOException {
    Files.writeString(index, "weights");

    assertThatThrownBy(() -> ShardedWeights.open(index, SafeTensors::open))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith("'%s' is not JSON: ".formatted(index));
  }

  @Test
  void aMissingIndexIsRefused() {
    assertThatThrownBy(() -> ShardedWeights.open(index, SafeTensors::open))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file '%s' does not exist", index);
  }

  private void writeIndex(String weightMap) throws IOException {
    Files.writeString(
        index,
        "{'metadata':{'total_size':28},'weight_map':{%s}}".formatted(weightMap).replace('\'', '"'));
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> ShardedWeights.open(index, SafeTensors::open))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, index);
  }
}
