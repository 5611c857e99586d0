package org.bertology.core.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sentences of an open file with a word per line, read one at a time. */
final class Sentences implements Closeable {
  private static final Pattern SENTENCE_ID = Pattern.compile("#\\s*sent_id\\s*=\\s*(\\S.*)");

  private record NumberedLine(long number, String text) {}

  private final DataFile file;
  private final Lines lines;
  private final Deque<NumberedLine> ahead = new ArrayDeque<>();
  private final WordLayout layout;

  Sentences(DataFile file, Lines lines) throws IOException {
    this.file = file;
    this.lines = lines;
    this.layout =
        file.format() == DataFormat.CONLLU ? new ConlluLayout() : ConllLayout.of(firstWordLine());
  }

  private String firstWordLine() throws IOException {
    Optional<NumberedLine> line = read();
    while (line.isPresent()) {
      ahead.add(line.get());
      String text = line.get().text();
      if (!text.isBlank() && ConllLayout.mayBeWord(text)) {
        return text;
      }
      line = read();
    }
    throw file.wrong("holds no line with a word");
  }

  private Optional<NumberedLine> read() throws IOException {
    return lines
        .next()
        .map(text -> new NumberedLine(lines.number(), Lines.withoutCarriageReturn(text)));
  }

  private Optional<NumberedLine> nextLine() throws IOException {
    return ahead.isEmpty() ? read() : Optional.of(ahead.remove());
  }

  WordLayout layout() {
    return layout;
  }

  /** The next sentence that has a word, or empty at the end of the file. */
  Optional<Sentence> next() throws IOException {
    List<Sentence.Word> words = new ArrayList<>();
    Optional<String> id = Optional.empty();
    for (Optional<NumberedLine> line = nextLine(); line.isPresent(); line = nextLine()) {
      long number = line.get().number();
      String text = line.get().text();
      if (text.isBlank() && !words.isEmpty()) {
        break;
      }
      if (layout.isComment(text, words.isEmpty())) {
        id = sentenceId(text).isPresent() ? sentenceId(text) : id;
      } else if (!text.isBlank()) {
        layout
            .word(file, number, text, words.size())
            .ifPresent(fields -> words.add(new Sentence.Word(number, fields)));
      }
    }
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sentence(words.get(0).line(), id, words));
  }

  private static Optional<String> sentenceId(String comment) {
    Matcher matcher = SENTENCE_ID.matcher(comment);
    return matcher.matches() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
