package org.bertology.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published treebanks and entities, which are too large to carry along. */
class WordDataTest {
  private static final Path DATA = Path.of("..", "..", "shared", "data");

  private static final Labels POS =
      ClassLabels.of(
          List.of(
              "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON",
              "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"));

  private static final Labels ENTITIES =
      ClassLabels.of(List.of("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"));

  private static Path shared(String file) {
    Path path = DATA.resolve(file);
    assumeTrue(Files.exists(path), () -> "no " + path.toAbsolutePath().normalize());
    return path;
  }

  private static long count(List<Example> examples, int index) {
    return examples.stream()
        .flatMap(example -> ((Label.PerWord) example.label().orElseThrow()).indices().stream())
        .filter(label -> label == index)
        .count();
  }

  @ParameterizedTest
  @CsvSource({
    "ud-ewt/en_ewt-ud-dev.conllu, 2001, 25147, 4210, 2707, 59",
    "ud-ewt/en_ewt-ud-test.conllu, 2077, 25094, 4123, 2605, 42",
    "gum/gum-open-dev.conllu, 693, 16241, 2905, 1696, 18"
  })
  void treebanksHaveThePublishedCounts(
      String file, int sentences, int words, int nouns, int verbs, int others) {
    List<Example> examples = ExampleSource.of(shared(file), Columns.usual(), POS).readAll();

    assertThat(examples).hasSize(sentences);
    assertThat(examples.stream().mapToInt(example -> example.words().size()).sum())
        .isEqualTo(words);
    assertThat(count(examples, 7)).isEqualTo(nouns);
    assertThat(count(examples, 15)).isEqualTo(verbs);
    assertThat(count(examples, 16)).isEqualTo(others);
  }

  @ParameterizedTest
  @CsvSource({
    "en_ewt-ud-dev.iob2, 2001, 23653, 343, 196, 224, 186, 399, 148",
    "en_ewt-ud-test.iob2, 2077, 23418, 449, 243, 322, 276, 317, 72",
    "en_pud-ud-test.iob2, 1000, 19611, 414, 160, 235, 155, 426, 175"
  })
  void entitiesHaveThePublishedCounts(
      String file,
      int sentences,
      int o,
      int bPer,
      int iPer,
      int bOrg,
      int iOrg,
      int bLoc,
      int iLoc) {
    Columns columns = Columns.usual().withText("2").withLabel("3");

    List<Example> examples =
        ExampleSource.of(shared("uner-en/" + file), columns, ENTITIES).readAll();

    assertThat(examples).hasSize(sentences);
    int[] counts = {o, bPer, iPer, bOrg, iOrg, bLoc, iLoc};
    for (int label = 0; label < counts.length; label++) {
      assertThat(count(examples, label)).isEqualTo(counts[label]);
    }
  }

  @Test
  void theFirstSentenceIsWhatItsCommentsSay() {
    ExampleSource source =
        ExampleSource.of(
            shared("ud-ewt/en_ewt-ud-dev.conllu"), Optional.empty(), Columns.usual(), POS);

    try (Examples examples = source.open()) {
      Example first = examples.next();
      assertThat(first.id())
          .isEqualTo(
              "en_ewt-ud-dev-weblog-blogspot.com_nominations_20041117172713_ENG_20041117_172713-0001");
      assertThat(first.text()).isEqualTo("From the AP comes this story :");
    }
  }
}
