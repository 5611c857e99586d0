package org.bertology.core.tokenize;

import static org.bertology.core.tokenize.TokenizerFamily.ALBERT;
import static org.bertology.core.tokenize.TokenizerFamily.BYTE_LEVEL_BPE;
import static org.bertology.core.tokenize.TokenizerFamily.CAMEMBERT;
import static org.bertology.core.tokenize.TokenizerFamily.GPT;
import static org.bertology.core.tokenize.TokenizerFamily.SENTENCE_PIECE;
import static org.bertology.core.tokenize.TokenizerFamily.T5;
import static org.bertology.core.tokenize.TokenizerFamily.XLM_ROBERTA;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bertology.core.ContentException;

/** Finds out which tokenizer a model directory describes. */
final class TokenizerDirectory {

  private static final List<String> SENTENCE_PIECE_FILES =
      List.of("spiece.model", "sentencepiece.bpe.model", "tokenizer.model");
  private static final Set<TokenizerFamily> BPE_FAMILIES = Set.of(BYTE_LEVEL_BPE, GPT);
  private static final Set<TokenizerFamily> SENTENCE_PIECE_FAMILIES =
      Set.of(T5, ALBERT, XLM_ROBERTA, CAMEMBERT, SENTENCE_PIECE);

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
      return NativeTokenizer.open(ofPair(BpeFiles.read(pieces, merges), config), config);
    }
    for (String name : SENTENCE_PIECE_FILES) {
      Path model = directory.resolve(name);
      if (Files.exists(model)) {
        return NativeTokenizer.open(ofModel(SentencePieceModel.read(model), config), config);
      }
    }
    throw new ContentException(
        directory
            + " holds no tokenizer: looked for tokenizer.json, vocab.txt, vocab.json with"
            + " merges.txt, spiece.model, sentencepiece.bpe.model and tokenizer.model; copy the"
            + " model's tokenizer files there");
  }

  private static TokenizerJson ofPair(BpeFiles files, TokenizerConfig config) {
    TokenizerFamily family =
        config
            .family(files.file(), BPE_FAMILIES, "GPT-2's, RoBERTa's or GPT's")
            .orElse(files.marksEndOfWord() ? GPT : BYTE_LEVEL_BPE);
    return family == GPT ? OpenAiGpt.json(files, config) : ByteLevelBpe.json(files, config);
  }

  private static TokenizerJson ofModel(SentencePieceModel model, TokenizerConfig config) {
    TokenizerFamily family =
        config
            .family(
                model.file(),
                SENTENCE_PIECE_FAMILIES,
                "T5's, ALBERT's, XLM-RoBERTa's or CamemBERT's")
            .orElse(SENTENCE_PIECE);
    return SentencePieceJson.of(model, family, config);
  }

  private static Tokenizer ofJson(TokenizerJson json, TokenizerConfig config) {
    return json.wordPiece(config)
        .<Tokenizer>map(WordPieceTokenizer::new)
        .orElseGet(() -> NativeTokenizer.open(json, config));
  }
}
