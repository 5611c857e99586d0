package org.bertology.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path directory;

  private Path target;

  @BeforeEach
  void nameTheTarget() {
    target = directory.resolve("result.txt");
  }

  @Test
  void theContentAppearsUnderTheTargetsName() throws IOException {
    AtomicFiles.writeText(target, Existing.REFUSE, "größer");

    assertThat(target).hasContent("größer");
    assertThat(files()).containsExactly("result.txt");
  }

  @Test
  void theTargetIsAbsentWhileItsContentIsWritten() {
    AtomicFiles.writeChannel(
        target,
        Existing.REFUSE,
        channel -> {
          channel.write(ByteBuffer.wrap(new byte[] {1, 2}));
          assertThat(target).doesNotExist();
          assertThat(files()).hasSize(1);
        });

    assertThat(target).hasBinaryContent(new byte[] {1, 2});
  }

  @Test
  void aFailingWriterLeavesNeitherFileNorTemporaryFile() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    target,
                    Existing.REFUSE,
                    stream -> {
                      stream.write(new byte[100_000]);
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("'%s' was not written: java.io.IOException: disk full", target);

    assertThat(files()).isEmpty();
  }

  @Test
  void aWriterThatFailsUncheckedLeavesTheOldContent() throws IOException {
    Files.writeString(target, "old");
    IllegalStateException failure = new IllegalStateException("no more rows");

    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    target,
                    Existing.REPLACE,
                    stream -> {
                      stream.write(1);
                      throw failure;
                    }))
        .isSameAs(failure);

    assertThat(target).hasContent("old");
    assertThat(files()).containsExactly("result.txt");
  }

  @Test
  void anExistingFileIsNotOverwrittenUnlessTold() throws IOException {
    Files.writeString(target, "old");

    assertThatThrownBy(() -> AtomicFiles.writeText(target, Existing.REFUSE, "new"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' exists; choose another name, or allow replacing it with --force", target);
    assertThat(target).hasContent("old");

    AtomicFiles.writeText(target, Existing.REPLACE, "new");
    assertThat(target).hasContent("new");
  }

  @Test
  void aFileThatAppearsMeanwhileIsNotOverwrittenEither() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    target, Existing.REFUSE, stream -> Files.writeString(target, "theirs")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exists; choose another name");

    assertThat(target).hasContent("theirs");
    assertThat(files()).containsExactly("result.txt");
  }

  @Test
  void severalFilesGetTheirNamesWhenAllAreComplete() throws IOException {
    Path second = target.resolveSibling("second.txt");
    Files.writeString(target, "old");
    Map<Path, AtomicFiles.Content<FileChannel>> contents = new LinkedHashMap<>();
    contents.put(target, AtomicFiles.text("new"));
    contents.put(
        second,
        channel -> {
          throw new IOException("disk full");
        });

    assertThatThrownBy(() -> AtomicFiles.writeAll(contents, Existing.REPLACE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("'%s' was not written: java.io.IOException: disk full", second);

    assertThat(target).hasContent("old");
    assertThat(files()).containsExactly("result.txt");
  }

  @Test
  void ifANameIsTakenMeanwhileTheOtherFilesAreTakenBack() throws IOException {
    Path second = target.resolveSibling("second.txt");
    Map<Path, AtomicFiles.Content<FileChannel>> contents = new LinkedHashMap<>();
    contents.put(target, AtomicFiles.text("new"));
    contents.put(second, channel -> Files.writeString(second, "theirs"));

    assertThatThrownBy(() -> AtomicFiles.writeAll(contents, Existing.REFUSE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("second.txt' exists; choose another name");

    assertThat(target).doesNotExist();
    assertThat(second).hasContent("theirs");
  }

  @Test
  void anInterruptedThreadLeavesNothing() throws IOException {
    try {
      assertThatThrownBy(
              () ->
                  AtomicFiles.write(
                      target,
                      Existing.REFUSE,
                      stream -> {
                        Thread.currentThread().interrupt();
                        stream.write(new byte[100_000]);
                      }))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("ClosedByInterruptException");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }

    assertThat(files()).isEmpty();
  }

  @Test
  void anInterruptionAfterTheLastByteStillCounts() throws IOException {
    try {
      assertThatThrownBy(
              () ->
                  AtomicFiles.writeChannel(
                      target, Existing.REFUSE, channel -> Thread.currentThread().interrupt()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("ClosedByInterruptException");
    } finally {
      Thread.interrupted();
    }

    assertThat(files()).isEmpty();
  }

  @Test
  void stoppingTheVirtualMachineRemovesTheTemporaryFile() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Stuck.class.getName(),
                target.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("writing");
      assertThat(files()).hasSize(1);

      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

      assertThat(files()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Writes a file and never gets to its end. */
  static final class Stuck {
    private Stuck() {}

    public static void main(String[] arguments) {
      AtomicFiles.write(
          Path.of(arguments[0]),
          Existing.REFUSE,
          stream -> {
            System.out.println("writing");
            while (true) {
              stream.write(1);
              stream.flush();
              pause();
            }
          });
    }

    private static void pause() {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void theFileHasTheSamePermissionsAsAnyNewFile() throws IOException {
    Path ordinary = Files.writeString(directory.resolve("ordinary"), "");

    AtomicFiles.writeText(target, Existing.REFUSE, "");

    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
  }

  @Test
  void aDirectoryIsRefused() {
    assertThatThrownBy(() -> AtomicFiles.writeText(directory, Existing.REPLACE, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is a directory, not a file; choose a name in it", directory);
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path inside = directory.resolve("absent").resolve("result.txt");

    assertThatThrownBy(() -> AtomicFiles.writeText(inside, Existing.REFUSE, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'%s' cannot be written: directory '%s' does not exist; create it first",
            inside, inside.getParent());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
