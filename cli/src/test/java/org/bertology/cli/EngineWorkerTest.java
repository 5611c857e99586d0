package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bertology.api.backend.BackendException;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.data.Columns;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.DataSelection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol of a worker, in this process. */
class EngineWorkerTest {
  private static final int EXAMPLES = 5;

  @TempDir Path directory;

  private final StringWriter printed = new StringWriter();
  private TinyModel model;
  private DataSelection data;

  @BeforeEach
  void writeModel() {
    model = TinyModel.classifier(directory);
    data = DataSelection.of(model.examples(EXAMPLES), Columns.usual());
  }

  @Test
  void tellsThatItIsReadyAndEndsWithItsInput() {
    List<JsonObject> answers = answers("");

    assertThat(answers).hasSize(1);
    JsonObject ready = answers.get(0);
    assertThat(ready.get("version").getAsString()).startsWith("double arithmetic");
    assertThat(ready.get("device").getAsString()).isEqualTo("cpu");
    assertThat(ready.get("examples").getAsInt()).isEqualTo(EXAMPLES);
    assertThat(ready.get("engineSeconds").getAsDouble()).isNotNegative();
    assertThat(ready.get("compileSeconds").getAsDouble()).isPositive();
  }

  @Test
  void everyRequestHasOneAnswerUntilItIsToldToQuit() {
    List<JsonObject> answers = answers("run\nrun\nmemory\nquit\nrun\n");

    assertThat(answers).hasSize(1 + 3);
    assertThat(answers.get(1).get("seconds").getAsDouble()).isPositive();
    assertThat(answers.get(3).has("bytes")).isEqualTo(PeakMemory.bytes().isPresent());
  }

  @Test
  void writesScoresAndValues() {
    Path scores = directory.resolve("scores.npy");
    Path values = directory.resolve("the values.safetensors");

    answers("run\nimportance %s\nhooks 2 %s\n".formatted(scores, values));

    assertThat(Npy.read(scores).shape()).containsExactly(TinyModel.LAYERS * TinyModel.HEADS);
    SafeTensors written = SafeTensors.open(values);
    assertThat(written.shape("logits")).containsExactly(2, 3);
    assertThat(written.shape("layer.2.attention.gate.gradient")).startsWith(2, TinyModel.HEADS);
  }

  @Test
  void whatFailsIsAnsweredAndThrown() {
    assertThatThrownBy(() -> answers("dance\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown request 'dance'");
    assertThat(parsed().get(1).get("failed").getAsString()).isEqualTo("unknown request 'dance'");
  }

  @Test
  void anEngineThatDoesNotStartIsAnAnswerToo() {
    EngineWorker.Engine broken =
        () -> {
          throw new BackendException("no native library");
        };

    assertThatThrownBy(() -> serve(broken, "")).hasMessage("no native library");
    assertThat(parsed().get(0).get("failed").getAsString()).startsWith("no native library");
  }

  @Test
  void scoresNeedARun() {
    assertThatThrownBy(() -> answers("importance file.npy\n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nothing was run yet");
  }

  @Test
  void linesWithoutTheMarkAreNoAnswers() {
    assertThat(WorkerLine.parse("{\"seconds\": 1}")).isEmpty();
    assertThat(WorkerLine.parse("")).isEmpty();
    assertThat(WorkerLine.parse("loading ..." + WorkerLine.failure("a reason"))).isPresent();
    assertThat(WorkerLine.parse(WorkerLine.failure("a \"quoted\"\nreason")))
        .map(answer -> answer.get("failed").getAsString())
        .contains("a \"quoted\"\nreason");
  }

  private List<JsonObject> answers(String requests) {
    serve(ReferenceBackend::new, requests);
    return parsed();
  }

  private void serve(EngineWorker.Engine engine, String requests) {
    WorkerRequests worker =
        new WorkerRequests(
            new BufferedReader(new StringReader(requests)), new PrintWriter(printed));
    new EngineWorker(worker)
        .serve(engine, () -> Checkpoint.open(model.directory()), data, RunSettings.defaults());
  }

  private List<JsonObject> parsed() {
    return printed.toString().lines().map(WorkerLine::parse).flatMap(Optional::stream).toList();
  }
}
