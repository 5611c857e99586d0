package org.bertology.core.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {
  @TempDir Path parent;

  @Test
  void writesAllFilesIntoDirectoriesThatItMakes() {
    Path path = parent.resolve("a").resolve("b");
    OutputDirectory directory =
        OutputDirectory.at(path, Existing.REFUSE)
            .add("text.csv", "x\n")
            .add("array.npy", Tensor.of(new float[] {1, 2}, 2));

    assertThat(parent.resolve("a")).doesNotExist();
    List<Path> files = directory.write();

    assertThat(files).containsExactly(path.resolve("text.csv"), path.resolve("array.npy"));
    assertThat(path.resolve("text.csv")).hasContent("x");
    assertThat(path.resolve("array.npy")).isRegularFile();
  }

  @Test
  void anEmptyDirectoryMayBeThere() {
    assertThat(OutputDirectory.at(parent, Existing.REFUSE).add("a.txt", "").write()).hasSize(1);
  }

  @Test
  void whatIsInADirectoryIsKeptUnlessItMayBeReplaced() throws IOException {
    Files.writeString(parent.resolve("a.txt"), "old");

    assertThatThrownBy(() -> OutputDirectory.at(parent, Existing.REFUSE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "output directory '%s' is not empty; choose another, or replace files in it with --force",
            parent);
    OutputDirectory.at(parent, Existing.REPLACE).add("a.txt", "new").write();

    assertThat(parent.resolve("a.txt")).hasContent("new");
  }

  @Test
  void filesOfAnotherResultGoWhereFilesMayBeReplaced() throws IOException {
    Files.writeString(parent.resolve("other.npy"), "of an earlier result");
    Files.writeString(parent.resolve("notes.txt"), "mine");

    OutputDirectory.at(parent, Existing.REPLACE)
        .withoutOthersOf(List.of("a.txt", "other.npy", "third.npy"))
        .add("a.txt", "new")
        .write();

    assertThat(parent).isDirectoryNotContaining("glob:**other.npy");
    assertThat(parent.resolve("a.txt")).hasContent("new");
    assertThat(parent.resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void aFailureLeavesAnEarlierResultAsItWas() throws IOException {
    Files.writeString(parent.resolve("first.txt"), "old");
    Files.writeString(parent.resolve("other.npy"), "old");
    OutputDirectory directory =
        OutputDirectory.at(parent, Existing.REPLACE)
            .withoutOthersOf(List.of("other.npy"))
            .add("first.txt", "new")
            .add("second.txt", "new");
    Thread.currentThread().interrupt();

    assertThatThrownBy(directory::write).isInstanceOf(UncheckedIOException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(parent.resolve("first.txt")).hasContent("old");
    assertThat(parent.resolve("other.npy")).hasContent("old");
    assertThat(parent.resolve("second.txt")).doesNotExist();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsRefusedBeforeTheWork() throws IOException {
    Path file = Files.writeString(parent.resolve("a.txt"), "mine");
    Path path = file.resolve("deep/out");

    assertThatThrownBy(() -> OutputDirectory.at(path, Existing.REFUSE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "output directory '%s' cannot be written: '%s' is no directory; choose another",
            path, file);
  }

  @Test
  void aFailureRemovesWhatWasWrittenBeforeIt() throws IOException {
    Path path = parent.resolve("out");
    OutputDirectory directory =
        OutputDirectory.at(path, Existing.REFUSE)
            .add("first.txt", "complete")
            .add("missing/second.txt", "cannot be written");

    assertThatThrownBy(directory::write).isInstanceOf(IllegalArgumentException.class);

    assertThat(path).doesNotExist();
  }

  @Test
  void anInterruptLeavesNothing() {
    Path path = parent.resolve("out");
    OutputDirectory directory = OutputDirectory.at(path, Existing.REFUSE).add("a.txt", "text");
    Thread.currentThread().interrupt();

    assertThatThrownBy(directory::write).isInstanceOf(UncheckedIOException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(path).doesNotExist();
  }
}
