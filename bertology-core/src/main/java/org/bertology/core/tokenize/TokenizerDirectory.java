package org.bertology.core.tokenize;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.ContentException;

/** Finds out which tokenizer a model directory describes. */
final class TokenizerDirectory {

  private TokenizerDirectory() {}

  static Tokenizer load(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          directory + " is not a directory; give the folder with the model's tokenizer files");
    }
    TokenizerConfig config = TokenizerConfig.read(directory);
    Path json = directory.resolve("tokenizer.json");
    if (Files.exists(json)) {
      return ofJson(TokenizerJson.read(json), config);
    }
    Path vocabulary = directory.resolve("vocab.txt");
    if (Files.exists(vocabulary)) {
      return new WordPieceTokenizer(VocabularyFile.read(vocabulary, config));
    }
    Path pieces = directory.resolve("vocab.json");
    Path merges = directory.resolve("merges.txt");
    if (Files.exists(pieces) && Files.exists(merges)) {
      return NativeTokenizer.open(ByteLevelBpe.read(pieces, merges, config), config);
    }
    throw new ContentException(
        directory
            + " holds no tokenizer: looked for tokenizer.json, vocab.txt, and vocab.json with"
            + " merges.txt; copy the model's tokenizer files there");
  }

  private static Tokenizer ofJson(TokenizerJson json, TokenizerConfig config) {
    return json.wordPiece(config)
        .<Tokenizer>map(WordPieceTokenizer::new)
        .orElseGet(() -> NativeTokenizer.open(json, config));
  }
}
