package org.bertology.core.tokenize;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.core.ContentException;

/**
 * The older file pair {@code vocab.json} and {@code merges.txt} of a byte-pair encoding.
 *
 * @param file the vocabulary, for messages
 * @param merges the first ones first
 */
record BpeFiles(Path file, Vocabulary vocabulary, List<Merge> merges) {

  BpeFiles {
    merges = List.copyOf(merges);
  }

  static BpeFiles read(Path vocabularyFile, Path mergesFile) {
    Map<String, Integer> ids =
        JsonFile.reading(vocabularyFile, JsonFile.object(vocabularyFile), BpeFiles::ids);
    List<Merge> merges =
        JsonFile.text(mergesFile)
            .lines()
            .filter(line -> !line.isEmpty() && !line.startsWith("#version"))
            .map(line -> merge(mergesFile, line))
            .toList();
    if (merges.isEmpty()) {
      throw new ContentException(mergesFile + " is empty; expected one merge of two pieces a line");
    }
    merges.forEach(merge -> requirePieces(merge, mergesFile, vocabularyFile, ids.keySet()));
    return new BpeFiles(vocabularyFile, new Vocabulary(ids), merges);
  }

  private static Map<String, Integer> ids(JsonObject pieces) {
    Map<String, Integer> ids = new HashMap<>();
    pieces.entrySet().forEach(piece -> ids.put(piece.getKey(), piece.getValue().getAsInt()));
    return ids;
  }

  private static Merge merge(Path file, String line) {
    String[] pair = line.split(" ", -1);
    if (pair.length != 2) {
      throw new ContentException(
          "%s has the line '%s'; expected two pieces with a space between".formatted(file, line));
    }
    return new Merge(pair[0], pair[1]);
  }

  private static void requirePieces(
      Merge merge, Path mergesFile, Path vocabularyFile, Set<String> pieces) {
    for (String piece : List.of(merge.left(), merge.right(), merge.left() + merge.right())) {
      if (!pieces.contains(piece)) {
        throw new ContentException(
            "%s merges '%s' and '%s', but %s has no piece '%s'; take both files from one model"
                .formatted(
                    mergesFile, merge.left(), merge.right(), vocabularyFile.getFileName(), piece));
      }
    }
  }

  /** Whether some piece ends a word by its spelling, as GPT's do and byte-level ones do not. */
  boolean marksEndOfWord() {
    return vocabulary.ids().keySet().stream()
        .anyMatch(piece -> piece.endsWith(OpenAiGpt.END_OF_WORD));
  }
}
