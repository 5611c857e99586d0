package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.checkpoint.Checkpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
  @TempDir Path directory;

  private TinyModel model;
  private Path out;

  @BeforeEach
  void writeModel() {
    model = TinyModel.classifier(directory);
    out = directory.resolve("converted");
  }

  private Result convert(String... more) {
    String[] arguments = new String[5 + more.length];
    System.arraycopy(
        new String[] {"convert", "--model", model.directory().toString(), "--out", out.toString()},
        0,
        arguments,
        0,
        5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Result.of(arguments);
  }

  @Test
  void writesADirectoryWithTheSameTensors() {
    Result result = convert();

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .isEqualTo("%s: sequence classification of family bert, 57 tensors\n".formatted(out));
    Checkpoint before = Checkpoint.open(model.directory());
    Checkpoint after = Checkpoint.open(out);
    assertThat(after.config()).isEqualTo(before.config());
    assertThat(after.weights().names()).isEqualTo(before.weights().names());
    assertThat(out.resolve("vocab.txt")).exists();
  }

  @Test
  void aDescriptionNamesTheParameters() throws IOException {
    model.replace("config.json", "\"hidden_size\"", "\"d_model\"");
    Path mapping = directory.resolve("mapping.json");
    Files.writeString(mapping, "{\"config\":{\"hidden_size\":{\"from\":\"d_model\"}}}");

    assertThat(convert().exitCode()).isEqualTo(ExitCode.CONTENT);
    Result result = convert("--mapping", mapping.toString());

    assertThat(result.err()).isEmpty();
    assertThat(Checkpoint.open(out).config().transformer().hiddenSize()).isEqualTo(32);
  }

  @Test
  void aMissingDescriptionIsRefused() {
    Result result = convert("--mapping", "nowhere.json");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("mapping file 'nowhere.json' does not exist");
  }

  @Test
  void filesAreKept() throws IOException {
    Files.createDirectory(out);
    Files.writeString(out.resolve("note.txt"), "mine");

    Result result = convert();

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(out.resolve("config.json")).doesNotExist();
  }
}
