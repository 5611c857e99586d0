package org.bertology.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedDirectoryTest {
  @TempDir Path parent;

  private Path target;

  @BeforeEach
  void nameTheTarget() {
    target = parent.resolve("made").resolve("target");
  }

  @Test
  void filesAreInTheHiddenDirectoryUntilTheyArePublished() {
    try (StagedDirectory staged = StagedDirectory.at(target, Existing.REFUSE)) {
      staged.write("a.txt", AtomicFiles.text("a"));

      assertThat(staged.path().resolve("a.txt")).hasContent("a");
      assertThat(staged.path().getFileName().toString()).startsWith(".target.");
      assertThat(target).doesNotExist();

      assertThat(staged.publish()).containsExactly(target.resolve("a.txt"));
    }

    assertThat(target.resolve("a.txt")).hasContent("a");
    assertThat(target.getParent()).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void whatIsNotPublishedIsGoneWithTheDirectoriesThatWereMade() {
    try (StagedDirectory staged = StagedDirectory.at(target, Existing.REFUSE)) {
      staged.write("a.txt", AtomicFiles.text("a"));
    }

    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void aFileThatIsNotWrittenToItsEndIsGoneToo() throws IOException {
    Path old = Files.writeString(Files.createDirectories(target).resolve("a.txt"), "old");

    assertThatThrownBy(
            () -> {
              try (StagedDirectory staged = StagedDirectory.at(target, Existing.REPLACE)) {
                staged.write(
                    "a.txt",
                    channel -> {
                      AtomicFiles.text("half").writeTo(channel);
                      throw new IOException("No space left on device");
                    });
              }
            })
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "'%s' was not written: java.io.IOException: No space left on device",
            target.resolve("a.txt"));
    assertThat(old).hasContent("old");
    assertThat(target).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void anEmptyDirectoryIsFilled() throws IOException {
    Files.createDirectories(target);

    try (StagedDirectory staged = StagedDirectory.at(target, Existing.REFUSE)) {
      staged.write("a.txt", AtomicFiles.text("a"));
      staged.publish();
    }

    assertThat(target.toFile().list()).containsExactly("a.txt");
  }

  @Test
  void whereFilesMayBeReplacedOnlyThoseThatWereNamedGo() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("a.txt"), "old");
    Files.writeString(target.resolve("mine.txt"), "mine");
    Files.writeString(target.resolve("other.txt"), "old");

    try (StagedDirectory staged = StagedDirectory.at(target, Existing.REPLACE)) {
      staged.write("a.txt", AtomicFiles.text("new"));
      staged.withoutOthersOf(List.of("a.txt", "other.txt", "none.txt")).publish();
    }

    assertThat(target.toFile().list()).containsExactlyInAnyOrder("a.txt", "mine.txt");
    assertThat(target.resolve("a.txt")).hasContent("new");
  }

  @Test
  void whatAppearedMeanwhileIsKept() throws IOException {
    try (StagedDirectory staged = StagedDirectory.at(target, Existing.REFUSE)) {
      staged.write("a.txt", AtomicFiles.text("a"));
      staged.write("b.txt", AtomicFiles.text("b"));
      Files.writeString(Files.createDirectory(target).resolve("b.txt"), "of another");

      assertThatThrownBy(staged::publish)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "output directory '%s' is not empty; choose another, or replace files in it with --force",
              target);
    }

    assertThat(target.toFile().list()).containsExactly("b.txt");
    assertThat(target.resolve("b.txt")).hasContent("of another");
  }

  @Test
  void aDirectoryThatIsNotEmptyIsRefused() throws IOException {
    Files.writeString(Files.createDirectories(target).resolve("a.txt"), "old");

    assertThatThrownBy(() -> StagedDirectory.at(target, Existing.REFUSE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not empty");
  }
}
