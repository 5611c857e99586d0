package org.bertology.cli;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process of this program that is asked on its standard input and answers on its standard output,
 * see {@link WorkerLine}. It ends when this closes, and when this program is gone.
 */
final class ChildProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  /** For what was asked to end; several processes must end while a user waits. */
  private static final long SHORT_PATIENCE_SECONDS = 2;

  private final Process process;
  private final PrintWriter requests;
  private final BlockingQueue<Optional<JsonObject>> answers = new LinkedBlockingQueue<>();
  private final Thread errors;
  private volatile String lastError = "";

  private ChildProcess(Process process, Consumer<String> noise) {
    this.process = process;
    this.requests =
        new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    // Reading from a process cannot be interrupted, so threads do it that nobody waits for.
    reading(process.getInputStream(), line -> take(line, noise), this::end);
    this.errors =
        reading(
            process.getErrorStream(),
            line -> {
              remember(line);
              noise.accept(line);
            },
            () -> {});
  }

  /**
   * Starts a process.
   *
   * @param noise takes the lines that are no answers, on both streams, from other threads
   */
  static ChildProcess start(ChildCommand command, List<String> arguments, Consumer<String> noise) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command.with(arguments));
      return new ChildProcess(builder.start(), noise);
    } catch (IOException e) {
      throw new ChildFailedException("its process did not start: %s".formatted(e.getMessage()), e);
    }
  }

  private static Thread reading(InputStream stream, Consumer<String> lines, Runnable end) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines);
              } catch (IOException | RuntimeException e) {
                lines.accept(e.toString());
              } finally {
                end.run();
              }
            },
            "child's output");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Warnings of Java itself are no reason to end. */
  private void remember(String line) {
    if (!line.isBlank() && !line.startsWith("WARNING: ")) {
      lastError = line.strip();
    }
  }

  private void take(String line, Consumer<String> noise) {
    Optional<JsonObject> answer = WorkerLine.parse(line);
    if (answer.isPresent()) {
      answers.add(answer);
    } else {
      noise.accept(line);
    }
  }

  private void end() {
    answers.add(Optional.empty());
  }

  /**
   * Asks and waits for the answer.
   *
   * @throws ChildFailedException if the answer is a failure, or the process ends instead
   * @throws CancellationException if the calling thread is interrupted
   */
  JsonObject ask(String request) {
    requests.println(request);
    requests.flush();
    return answer(Duration.ofDays(1));
  }

  /** Waits for the next answer, otherwise as {@link #ask}; too long a wait is a failure. */
  JsonObject answer(Duration patience) {
    try {
      Optional<JsonObject> answer = poll(patience);
      if (answer.isEmpty()) {
        throw ended();
      }
      if (answer.get().has(WorkerLine.FAILED)) {
        throw new ChildFailedException(answer.get().get(WorkerLine.FAILED).getAsString());
      }
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException("cancelled").initCause(e);
    }
  }

  @SuppressWarnings("NullAway") // the queue's way to say that time is up
  private Optional<JsonObject> poll(Duration patience) throws InterruptedException {
    Optional<JsonObject> answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw new ChildFailedException(
          "its process did not answer within %d seconds".formatted(patience.toSeconds()));
    }
    return answer;
  }

  private ChildFailedException ended() throws InterruptedException {
    boolean unused = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    errors.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    if (process.isAlive()) {
      return new ChildFailedException("its process closed its output");
    }
    String end = ProcessEnd.words(process.exitValue());
    return new ChildFailedException(lastError.isEmpty() ? end : end + ": " + lastError);
  }

  /** Waits until everything is read that an ended process printed on standard error. */
  void awaitErrors() {
    try {
      errors.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process: by the end of its input, then as the system asks, then by force. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    requests.close();
    interrupted |= !endsWithin(interrupted ? 0 : PATIENCE_SECONDS);
    if (process.isAlive()) {
      process.destroy();
      interrupted |= !endsWithin(SHORT_PATIENCE_SECONDS);
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false if the thread was interrupted while it waited. */
  private boolean endsWithin(long seconds) {
    try {
      boolean unused = process.waitFor(seconds, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
