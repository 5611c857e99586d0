package org.bertology.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Model directories of three layers with four heads, and data files, in a temporary directory. */
record TinyModel(Path directory) {
  static final int LAYERS = 3;
  static final int HEADS = 4;
  static final int POSITIONS = 40;

  /** Three classes without names. */
  static TinyModel classifier(Path parent) {
    return named("bert-sequence-classification", parent);
  }

  static TinyModel regressor(Path parent) {
    return named("bert-regression", parent);
  }

  /** A classifier of words with the classes O, B-PER, I-PER, B-LOC and I-LOC. */
  static TinyModel wordClassifier(Path parent) {
    TinyModel model = named("bert-token-classification", parent);
    List<String> names = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
    for (int i = 0; i < names.size(); i++) {
      model.replace("config.json", "\"LABEL_%d\"".formatted(i), "\"%s\"".formatted(names.get(i)));
    }
    return model;
  }

  /** A discriminator, which tells replaced words. */
  static TinyModel discriminator(Path parent) {
    return named("electra-replaced-token-detection", parent);
  }

  /** A classifier with two classes whose layers share their parameters. */
  static TinyModel albert(Path parent) {
    return named("albert-sequence-classification", parent);
  }

  static TinyModel maskedLm(Path parent) {
    return named("bert-masked-lm", parent);
  }

  /** T5 with two layers in each stack. */
  static TinyModel sequenceToSequence(Path parent) {
    return named("t5-seq2seq-lm", parent);
  }

  /** Predicts the next token. */
  static TinyModel causalLm(Path parent) {
    return named("gpt2-causal-lm", parent);
  }

  /** Has no task. */
  static TinyModel encoder(Path parent) {
    return classifier(parent).replace("config.json", "BertForSequenceClassification", "BertModel");
  }

  private static TinyModel named(String golden, Path parent) {
    try {
      Path directory = Files.createDirectories(parent.resolve("model"));
      for (String name : List.of("config.json", "model.safetensors")) {
        String resource = "/goldens/" + golden + "/" + name;
        try (InputStream stream = TinyModel.class.getResourceAsStream(resource)) {
          Files.copy(Objects.requireNonNull(stream, resource), directory.resolve(name));
        }
      }
      Path vocabulary = directory.resolve("vocab.txt");
      return new TinyModel(directory).write(vocabulary, String.join("\n", vocabulary()) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    for (char letter = 'a'; letter <= 'z'; letter++) {
      tokens.add(String.valueOf(letter));
      tokens.add("##" + letter);
    }
    return tokens;
  }

  TinyModel replace(String file, String old, String changed) {
    Path path = directory.resolve(file);
    try {
      String content = Files.readString(path);
      if (!content.contains(old)) {
        throw new IllegalArgumentException("'%s' is not in %s".formatted(old, path));
      }
      return write(path, content.replace(old, changed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a data file beside the model. */
  Path data(String name, String content) {
    Path file = directory.resolveSibling(name);
    write(file, content);
    return file;
  }

  /** A file with a header, a text of letters and one of three labels per line. */
  Path examples(int count) {
    StringBuilder text = new StringBuilder("sentence\tlabel\n");
    for (int i = 0; i < count; i++) {
      String word = "abcdefghijklmnopqrstuvwxyz".substring(i % 20, i % 20 + 1 + i % 5);
      text.append("%s %s\t%d\n".formatted(word, "good".repeat(1 + i % 3), i % 3));
    }
    return data("data.tsv", text.toString());
  }

  private TinyModel write(Path path, String content) {
    return write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  TinyModel write(Path path, byte[] content) {
    try {
      Files.write(path, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
