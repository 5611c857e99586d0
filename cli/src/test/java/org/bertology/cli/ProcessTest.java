package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process of its own: streams, exit codes, signals. */
class ProcessTest {
  /** On the reference backend a minute's work and more. */
  private static final int MANY = 40_000;

  @TempDir Path directory;

  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.classifier(directory);
  }

  @Test
  void resultsGoToStandardOutputAndFailuresToStandardError() throws Exception {
    Path errors = directory.resolve("errors");
    Path results = directory.resolve("results");

    Process good =
        ProgramProcess.start(
            ReferenceMain.class, arguments(model.examples(4), "--json"), results, errors);
    int goodExit = ProgramProcess.await(good);
    String document = Files.readString(results);
    Process bad =
        ProgramProcess.start(
            ReferenceMain.class, arguments(directory.resolve("no.tsv")), results, errors);
    int badExit = ProgramProcess.await(bad);

    assertThat(goodExit).isZero();
    assertThat(document).startsWith("{\n  \"schemaVersion\": 1,").endsWith("}\n");
    assertThat(badExit).isEqualTo(ExitCode.USAGE);
    assertThat(results).isEmptyFile();
    assertThat(errors).content().startsWith("bertology: data file ").hasLineCount(1);
  }

  @Test
  void interruptingLeavesNoFileAndSaysSo() throws Exception {
    Path out = directory.resolve("out");
    Path errors = directory.resolve("errors");
    Path results = directory.resolve("results");
    List<String> arguments = arguments(model.examples(MANY), "--verbose", "--out", out.toString());

    Process process = ProgramProcess.start(ReferenceMain.class, arguments, results, errors);
    ProgramProcess.awaitText(errors, "scoring 40000 examples");
    assumeTrue(ProgramProcess.canBeInterrupted(process), "this test's processes ignore SIGINT");
    ProgramProcess.interrupt(process);
    int exit = ProgramProcess.await(process);

    assertThat(exit).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(errors).content().contains("bertology: interrupted; nothing was written");
    assertThat(results).isEmptyFile();
    assertThat(out).doesNotExist();
  }

  @Test
  void numbersInMessagesAreTheSameInEveryLanguage() throws Exception {
    Path errors = directory.resolve("errors");
    Path results = directory.resolve("results");
    List<String> arguments = arguments(model.examples(4), "--limit", "0");

    Process process =
        ProgramProcess.start(
            ReferenceMain.class,
            List.of("-Duser.language=ar", "-Duser.country=EG"),
            arguments,
            results,
            errors);
    int exit = ProgramProcess.await(process);

    assertThat(exit).isEqualTo(ExitCode.USAGE);
    assertThat(errors).hasContent("bertology: the limit must be at least 1 example, got 0");
  }

  @Test
  void aTokenizerLibraryThatDoesNotLoadIsACapabilityThatIsMissing() throws Exception {
    Path errors = directory.resolve("errors");
    Files.delete(model.directory().resolve("vocab.txt"));
    Files.writeString(
        model.directory().resolve("vocab.json"), "{\"<pad>\": 0, \"a\": 1, \"aa\": 2}");
    Files.writeString(model.directory().resolve("merges.txt"), "#version: 0.2\na a\n");
    List<String> noLibrary = List.of("-DRUST_LIBRARY_PATH=" + directory);

    Process process =
        ProgramProcess.start(
            ReferenceMain.class,
            noLibrary,
            arguments(model.examples(4)),
            directory.resolve("results"),
            errors);
    int exit = ProgramProcess.await(process);

    assertThat(exit).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(errors)
        .content()
        .contains("bertology: the native tokenizers library does not load on ")
        .contains("or a model with BERT's WordPiece tokenizer, which needs none");
  }

  private List<String> arguments(Path data, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "importance",
                "--model",
                model.directory().toString(),
                "--data",
                data.toString(),
                "--backend",
                ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    return arguments;
  }
}
