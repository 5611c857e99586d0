package org.bertology.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.model.LayerTitles;

/**
 * Scores as a table of layers by heads, both counted from 1; columns that do not fit the terminal
 * go into further tables below.
 */
final class ScoreTable {
  private static final String CORNER = "layer";
  private static final String GAP = "  ";

  private final LayerScores scores;
  private final LayerTitles layers;
  private final ScoreFormat format;
  private final Terminal terminal;
  private final Shades shades;
  private final Optional<LayerScores> marks;
  private final int width;

  ScoreTable(LayerScores scores, LayerTitles layers, ScoreFormat format, Terminal terminal) {
    this(scores, layers, format, terminal, Optional.empty());
  }

  private ScoreTable(
      LayerScores scores,
      LayerTitles layers,
      ScoreFormat format,
      Terminal terminal,
      Optional<LayerScores> marks) {
    this.scores = scores;
    this.layers = layers;
    this.marks = marks;
    this.format = format;
    this.terminal = terminal;
    this.shades = Shades.of(scores.flat());
    this.width =
        Math.max(
            Integer.toString(scores.maxWidth()).length(),
            Arrays.stream(scores.flat())
                .mapToInt(score -> format.of(score).length())
                .max()
                .orElse(1));
  }

  /**
   * The same with a star behind some scores.
   *
   * @param stars of the same shape; above 0 where there is to be one
   */
  ScoreTable marked(LayerScores stars) {
    return new ScoreTable(scores, layers, format, terminal, Optional.of(stars));
  }

  String text() {
    int fitting =
        (terminal.outputColumns() - layers.width())
            / (width + GAP.length() + (marks.isPresent() ? 1 : 0));
    int block = Math.max(1, Math.min(scores.maxWidth(), fitting));
    StringBuilder text = new StringBuilder();
    for (int first = 0; first < scores.maxWidth(); first += block) {
      appendBlock(text, first, Math.min(scores.maxWidth(), first + block));
    }
    return text.toString();
  }

  private void appendBlock(StringBuilder text, int first, int end) {
    text.append(first == 0 ? "" : "\n").append(padded(CORNER, layers.width()));
    for (int head = first; head < end; head++) {
      text.append(GAP).append(padded(Integer.toString(head + 1), width));
      text.append(marks.isPresent() ? " " : "");
    }
    text.append('\n');
    for (int layer = 0; layer < scores.layers(); layer++) {
      if (isLeftOut(layer)) {
        continue;
      }
      text.append(padded(layers.of(layer), layers.width()));
      for (int head = first; head < Math.min(end, scores.width(layer)); head++) {
        text.append(GAP).append(cell(scores.get(layer, head))).append(mark(layer, head));
      }
      text.append('\n');
    }
  }

  /** Cross attentions have neither neurons nor layers of their own. */
  private boolean isLeftOut(int layer) {
    return layers.haveStacks() && scores.width(layer) == 0;
  }

  private String mark(int layer, int head) {
    return marks.map(stars -> stars.get(layer, head) > 0 ? "*" : " ").orElse("");
  }

  private String cell(double score) {
    String text = padded(format.of(score), width);
    return terminal.colors() ? shades.paint(text, score) : text;
  }

  private static String padded(String text, int width) {
    return String.format(Locale.ROOT, "%" + width + "s", text);
  }
}
