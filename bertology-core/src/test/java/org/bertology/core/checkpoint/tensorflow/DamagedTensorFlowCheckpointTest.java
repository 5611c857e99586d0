package org.bertology.core.checkpoint.tensorflow;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.Goldens;
import org.bertology.core.checkpoint.Mutations;
import org.bertology.core.protobuf.MessageBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedTensorFlowCheckpointTest {
  private static final String INDEX = "bert_model.ckpt.index";
  private static final String DATA = "bert_model.ckpt.data-00000-of-00001";

  @TempDir Path parent;

  /** What is damaged, a file or a part of one; its name is in every message about the model. */
  private Path damagedPart;

  private Path directory;

  private byte[] index = {};
  private byte[] data = {};

  @BeforeEach
  void copyTheModel() throws IOException {
    damagedPart = parent.resolve("part");
    directory = Files.createDirectory(parent.resolve("model with a damaged part"));
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
  void indexes() throws IOException {
    assertReadOrRefused(index, INDEX, damaged -> damaged);
  }

  @Test
  void dataFiles() throws IOException {
    assertReadOrRefused(data, DATA, damaged -> damaged);
  }

  @Test
  void entriesUnderRightChecksums() throws IOException {
    byte[] entries = TableBytes.entries(table()).toArray();

    assertReadOrRefused(
        entries, INDEX, damaged -> new TableBytes().add(new MessageBytes().raw(damaged)).toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "output_weights", "bert/pooler/dense/kernel"})
  void whatTheIndexSaysUnderRightChecksums(String key) throws IOException {
    Map<String, byte[]> table = table();

    assertReadOrRefused(
        table.getOrDefault(key, new byte[0]),
        INDEX,
        damaged -> {
          Map<String, byte[]> changed = new LinkedHashMap<>(table);
          changed.put(key, damaged);
          return TableBytes.of(changed);
        });
  }

  private Map<String, byte[]> table() {
    Map<String, byte[]> table = new LinkedHashMap<>();
    SortedTable.read("'t'", ByteBuffer.wrap(index))
        .forEach(
            (key, value) -> {
              byte[] bytes = new byte[value.remaining()];
              value.duplicate().get(bytes);
              table.put(key, bytes);
            });
    return table;
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

  /**
   * Damages a part of a file.
   *
   * @param file what makes the part a file again
   */
  private void assertReadOrRefused(byte[] part, String name, UnaryOperator<byte[]> file)
      throws IOException {
    Mutations.assertReadOrRefused(
        part,
        damagedPart,
        damaged -> {
          try {
            replace(name, file.apply(Files.readAllBytes(damaged)));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          Checkpoint checkpoint = Checkpoint.open(directory);
          checkpoint.weights().names().forEach(checkpoint.weights()::tensor);
        });
  }

  /** By a new file, because the old one may still be mapped. */
  private void replace(String file, byte[] bytes) throws IOException {
    Files.delete(directory.resolve(file));
    Files.write(directory.resolve(file), bytes);
  }
}
