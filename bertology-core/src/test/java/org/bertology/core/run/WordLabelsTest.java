package org.bertology.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.ContentException;
import org.bertology.core.data.Example;
import org.bertology.core.data.Label;
import org.bertology.core.tokenize.Tokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels of words, as those of the tokens that words are cut into. */
class WordLabelsTest {
  private static final int NONE = ModelInputs.IGNORED;
  private static final List<String> VOCABULARY =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "play", "##ing", "chess", "ing", "-");

  @TempDir private Path directory;
  private Tokenizer tokenizer;

  @BeforeEach
  void load() throws IOException {
    Files.write(directory.resolve("vocab.txt"), VOCABULARY);
    tokenizer = Tokenizer.load(directory);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private static Example example(List<String> words, Integer... labels) {
    return Example.ofWords("game-7", 7, words, Optional.of(new Label.PerWord(List.of(labels))));
  }

  private EncodedExample encoded(Example example, int maxLength) {
    return EncodedData.of(List.of(example), tokenizer, maxLength).examples().get(0);
  }

  private static List<Integer> labels(EncodedExample example) {
    return ((Label.PerToken) example.label().orElseThrow()).indices();
  }

  @Test
  void theFirstTokenOfAWordHasItsLabel() {
    EncodedExample encoded =
        encoded(example(List.of("playing", "chess", "playing-chess"), 3, 0, 4), 16);

    assertThat(encoded.ids()).containsExactly(2, 5, 6, 7, 5, 6, 9, 7, 3);
    assertThat(labels(encoded)).containsExactly(NONE, 3, NONE, 0, 4, NONE, NONE, NONE, NONE);
    assertThat(encoded.words()).containsExactly(-1, 0, -1, 1, 2, -1, -1, -1, -1);
  }

  @Test
  void theSameWordTwiceHasTwoLabels() {
    EncodedExample encoded = encoded(example(List.of("chess", "chess"), 1, 2), 16);

    assertThat(labels(encoded)).containsExactly(NONE, 1, 2, NONE);
  }

  @Test
  void aWordThatLeavesNoTokenLosesItsLabelAlone() {
    EncodedExample encoded = encoded(example(List.of("\u0000", "chess", "ing"), 1, 2, 3), 16);

    assertThat(encoded.ids()).containsExactly(2, 7, 8, 3);
    assertThat(labels(encoded)).containsExactly(NONE, 2, 3, NONE);
    assertThat(encoded.words()).containsExactly(-1, 1, 2, -1);
  }

  @Test
  void wordsThatAreCutOffLoseTheirLabels() {
    Example example = example(List.of("chess", "playing", "chess"), 1, 2, 3);

    EncodedData data = EncodedData.of(List.of(example), tokenizer, 4);

    assertThat(data.truncated()).isEqualTo(1);
    assertThat(data.examples().get(0).ids()).containsExactly(2, 7, 5, 3);
    assertThat(labels(data.examples().get(0))).containsExactly(NONE, 1, 2, NONE);
  }

  @Test
  void anExampleWhoseLabelsAreAllCutOffIsRefused() {
    Example example = example(List.of("chess", "playing", "chess"), NONE, NONE, 3);

    assertThat(labels(encoded(example, 16))).contains(3);
    assertThatThrownBy(() -> encoded(example, 4))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "example 'game-7' (line 7) has no labelled word among its first 4 tokens; raise the"
                + " maximum length, or leave the example out");
  }

  @Test
  void wordsWithoutLabelsKeepTheirPlaces() {
    EncodedExample encoded =
        encoded(Example.ofWords("x", 1, List.of("playing", "chess"), Optional.empty()), 16);

    assertThat(encoded.label()).isEmpty();
    assertThat(encoded.word(1)).hasValue(0);
    assertThat(encoded.word(2)).isEmpty();
    assertThat(encoded.word(3)).hasValue(1);
  }

  @Test
  void everyTokenTellsItsWordOrNoneDoes() {
    assertThatThrownBy(
            () -> new EncodedExample(0, new int[3], new int[3], new int[2], Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("example 0 has 3 tokens but tells the words of 2");
  }
}
