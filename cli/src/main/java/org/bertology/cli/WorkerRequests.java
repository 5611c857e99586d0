package org.bertology.cli;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * The worker's side of {@link ChildProcess}: requests are words on a line, answers are {@link
 * WorkerLine}s.
 */
final class WorkerRequests {
  static final String QUIT = "quit";

  private final BufferedReader requests;
  private final PrintWriter answers;

  WorkerRequests(BufferedReader requests, PrintWriter answers) {
    this.requests = requests;
    this.answers = answers;
  }

  /** Does the work of a whole process: what goes wrong is answered, and then thrown. */
  void reporting(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      answer(WorkerLine.failure(Failures.message(e)));
      throw e;
    }
  }

  /** Answers every request until {@link #QUIT} or the end of input. */
  void answerEach(Function<String, JsonObject> results) {
    Optional<String> request = next();
    while (request.isPresent() && !request.get().equals(QUIT)) {
      answer(results.apply(request.get()));
      request = next();
    }
  }

  private Optional<String> next() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("cancelled");
    }
    try {
      return Optional.ofNullable(requests.readLine()).map(String::strip);
    } catch (IOException e) {
      throw new UncheckedIOException("requests could not be read: " + e, e);
    }
  }

  void answer(JsonObject answer) {
    answer(WorkerLine.of(answer));
  }

  private void answer(String line) {
    answers.println(line);
    answers.flush();
  }

  static IllegalArgumentException unknown(String request) {
    return new IllegalArgumentException("unknown request '%s'".formatted(request));
  }
}
