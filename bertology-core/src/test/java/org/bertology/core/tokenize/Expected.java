package org.bertology.core.tokenize;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the Hugging Face library makes of some texts, read from a JSON file. */
record Expected(List<Single> single, List<Pair> pair, List<Pair> truncated, Batch batch) {

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  /** Offsets are absent where the library counts them otherwise. */
  record Single(String text, int[] ids, int @Nullable [][] offsets) {}

  /** Types are absent where the model has none; the maximum length is 0 where nothing is cut. */
  record Pair(String a, String b, int maxLength, int[] ids, int @Nullable [] types) {}

  record Batch(List<String> texts, int[][] ids, int[][] mask) {}

  record Words(List<String> words, int[] ids, @Nullable Integer[] wordIds) {}

  static Expected read(Path file) {
    return GSON.fromJson(text(file), Expected.class);
  }

  static List<Words> words(Path file) {
    return List.of(GSON.fromJson(text(file), Words[].class));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
