package org.bertology.core.checkpoint.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.DamagedModel;
import org.bertology.core.checkpoint.Goldens;
import org.bertology.core.checkpoint.Mutations;
import org.bertology.core.protobuf.MessageBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedTensorFlowCheckpointTest {
  private static final String INDEX = "bert_model.ckpt.index";
  private static final String DATA = "bert_model.ckpt.data-00000-of-00001";

  @TempDir Path directory;

  private byte[] index = {};
  private byte[] data = {};

  @BeforeEach
  void readTheFiles() throws IOException {
    Goldens.copy(
        directory,
        "bert-sequence-classification/tensorflow-checkpoint",
        "bert_config.json",
        INDEX,
        DATA);
    index = Files.readAllBytes(directory.resolve(INDEX));
    data = Files.readAllBytes(directory.resolve(DATA));
  }

  @Test
  void indexes() {
    Mutations.of(index, 1).forEach(damaged -> assertReadOrRefused(INDEX, damaged));
  }

  @Test
  void entriesUnderRightChecksums() {
    byte[] entries =
        TableBytes.entries(arrays(SortedTable.read("'t'", ByteBuffer.wrap(index)))).toArray();

    Mutations.of(entries, 2)
        .map(damaged -> new TableBytes().add(new MessageBytes().raw(damaged)).toArray())
        .forEach(damaged -> assertReadOrRefused(INDEX, damaged));
  }

  @Test
  void variablesUnderRightChecksums() {
    Map<String, byte[]> entries = arrays(SortedTable.read("'t'", ByteBuffer.wrap(index)));

    for (String name : new String[] {"", "output_weights", "bert/pooler/dense/kernel"}) {
      byte[] entry = entries.getOrDefault(name, new byte[0]);
      Mutations.of(entry, 3)
          .map(
              damaged -> {
                Map<String, byte[]> changed = new LinkedHashMap<>(entries);
                changed.put(name, damaged);
                return TableBytes.of(changed);
              })
          .forEach(damaged -> assertReadOrRefused(INDEX, damaged));
    }
  }

  private static Map<String, byte[]> arrays(Map<String, ByteBuffer> table) {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    table.forEach(
        (key, value) -> {
          byte[] bytes = new byte[value.remaining()];
          value.duplicate().get(bytes);
          arrays.put(key, bytes);
        });
    return arrays;
  }

  @Test
  void dataFiles() {
    Mutations.of(data, 4).forEach(damaged -> assertReadOrRefused(DATA, damaged));
  }

  @Test
  void everyChangedByteOfTheDataIsNoticed() throws IOException {
    for (int place = 0; place < data.length; place += 997) {
      byte[] damaged = data.clone();
      damaged[place] ^= 1;
      replace(DATA, damaged);
      Checkpoint checkpoint = Checkpoint.open(directory);

      assertThatThrownBy(() -> checkpoint.weights().names().forEach(checkpoint.weights()::get))
          .isInstanceOf(ContentException.class)
          .hasMessageContaining("does not have the checksum");
    }
  }

  @Test
  void theFilesThemselvesAreSound() {
    Checkpoint checkpoint = Checkpoint.open(directory);

    checkpoint
        .weights()
        .names()
        .forEach(name -> assertThat(checkpoint.weights().get(name)).isNotNull());
  }

  private void assertReadOrRefused(String file, byte[] damaged) {
    try {
      replace(file, damaged);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DamagedModel.assertReadOrRefused(directory, (long) damaged.length + index.length + data.length);
  }

  /** By a new file, because the old one may still be mapped. */
  private void replace(String file, byte[] bytes) throws IOException {
    Files.delete(directory.resolve(file));
    Files.write(directory.resolve(file), bytes);
  }
}
