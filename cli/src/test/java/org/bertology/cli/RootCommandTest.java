package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import org.bertology.core.result.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootCommandTest {
  @Test
  void theVersionIsThatOfTheBuild() {
    Result result = Result.of("--version");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("bertology " + Version.current());
    assertThat(Version.current()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }

  @Test
  void helpListsTheCommandsAndExitCodes() {
    Result result = Result.of("--help");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("demo ", "importance ", "evaluate ", "completion ")
        .contains("5     the content of a model or data file is wrong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "importance",
        "criteria",
        "evaluate",
        "ablate",
        "activations",
        "info",
        "prune",
        "prove",
        "benchmark",
        "export",
        "experiment"
      })
  void helpOfEveryCommandEndsWithExamples(String command) {
    Result result = Result.of(command, "--help");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("\nExamples:\n  bertology " + command);
  }

  @Test
  void theHelpOfHeadMasksSaysFromWhereTheyAreCounted() {
    Result result = Result.of("evaluate", "--help");

    assertThat(result.out()).containsPattern("layers and heads\\s+counted\\s+from\\s+1");
  }

  @Test
  void aResultThatNobodyGetsIsAFailure() {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(full), new PrintWriter(err), Terminal.none());

    int exitCode = Main.run(new String[] {"completion"}, console, new ReferenceModule());

    assertThat(exitCode).isEqualTo(ExitCode.FAILURE);
    assertThat(err.toString())
        .isEqualTo("bertology: the result could not be written to standard output\n");
  }

  @Test
  void anErrorOfTheMachineIsOneLineToo() {
    StringWriter err = new StringWriter();
    Console console =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(err), Terminal.none());

    int exitCode =
        Main.run(
            new String[] {"info"},
            console,
            binder -> {
              throw new StackOverflowError();
            });

    assertThat(exitCode).isEqualTo(ExitCode.FAILURE);
    assertThat(err.toString()).startsWith("bertology: ").doesNotContain("\tat ");
  }

  @Test
  void theCompletionScriptKnowsCommandsOptionsAndTheirValues() {
    Result result = Result.of("completion");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("importance", "--head-mask", "token-gradient", "sts-b", "keep-one");
  }
}
