package org.bertology.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Optional;

/**
 * What a child process answers: JSON objects on lines of their own with a mark in front, because
 * engines print to standard output too.
 */
final class WorkerLine {
  static final String FAILED = "failed";

  private static final String MARK = "@bertology ";

  private WorkerLine() {}

  static String of(JsonObject answer) {
    return MARK + answer;
  }

  /** The answer that something went wrong, with one sentence about it. */
  static String failure(String sentence) {
    JsonObject answer = new JsonObject();
    answer.addProperty(FAILED, sentence);
    return of(answer);
  }

  /**
   * The answer on a line; none if the line is something else. Before an answer may stand what an
   * engine printed without ending its line.
   */
  static Optional<JsonObject> parse(String line) {
    int mark = line.indexOf(MARK);
    return mark < 0
        ? Optional.empty()
        : Optional.of(
            JsonParser.parseString(line.substring(mark + MARK.length())).getAsJsonObject());
  }
}
