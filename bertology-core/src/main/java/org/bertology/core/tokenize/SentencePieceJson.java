package org.bertology.core.tokenize;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bertology.core.tokenize.SentencePiece.Kind;

/**
 * A SentencePiece model written as one {@code tokenizer.json}, as Hugging Face transformers convert
 * them; where those differ from the SentencePiece library, as it does.
 */
final class SentencePieceJson {

  private final SentencePieceModel model;
  private final SentencePieceVocabulary vocabulary;
  private final TokenizerConfig config;

  private SentencePieceJson(
      SentencePieceModel model, TokenizerFamily family, TokenizerConfig config) {
    this.model = model;
    this.vocabulary = SentencePieceVocabulary.of(model, family, config);
    this.config = config;
  }

  static TokenizerJson of(
      SentencePieceModel model, TokenizerFamily family, TokenizerConfig config) {
    return new SentencePieceJson(model, family, config).json();
  }

  private TokenizerJson json() {
    Map<String, JsonObject> sections = new HashMap<>();
    sections.put("normalizer", Sections.normalizers(normalizers()));
    sections.put("pre_tokenizer", preTokenizer());
    if (!vocabulary.single().isEmpty()) {
      sections.put(
          "post_processor",
          Sections.template(vocabulary.single(), vocabulary.pair(), vocabulary.ids()));
    }
    sections.put("model", model.training().bpe() ? bpe() : unigram());
    return TokenizerJson.of(model.file(), sections, config.addedTokens(addedTokens()));
  }

  private List<JsonObject> normalizers() {
    List<JsonObject> normalizers = new ArrayList<>(vocabulary.normalizers());
    SentencePieceModel.Normalization normalization = model.normalization();
    normalization
        .characters()
        .map(characters -> Sections.precompiled(characters.bytes()))
        .ifPresent(normalizers::add);
    if (normalization.squeeze()) {
      // At the start, spaces and the one that comes before the text become one by themselves.
      normalizers.add(Sections.strip(!normalization.dummyPrefix(), true));
      normalizers.add(Sections.squeezeSpaces());
    }
    return normalizers;
  }

  private JsonObject preTokenizer() {
    JsonObject words = Sections.metaspace(scheme(), split());
    List<String> symbols = wholeSymbols();
    return symbols.isEmpty() ? words : Sections.preTokenizers(words, Sections.isolate(symbols));
  }

  /** When a space comes before the text, see {@link Sections#metaspace}. */
  private String scheme() {
    if (!model.normalization().dummyPrefix()) {
      return "never";
    }
    return config.flag("legacy").orElse(true) ? "always" : "first";
  }

  /** Whether no piece goes beyond a word, so that words can be told apart first. */
  private boolean split() {
    return vocabulary.pieces().stream()
        .noneMatch(piece -> piece.text().indexOf(Sections.SPACE, 1) > 0);
  }

  /**
   * The user's symbols of several characters, which no merges of a BPE lead to; a unigram model
   * prefers its pieces for them anyway.
   */
  private List<String> wholeSymbols() {
    return vocabulary.pieces().stream()
        .filter(piece -> model.training().bpe() && piece.is(Kind.USER_DEFINED))
        .map(SentencePiece::text)
        .filter(text -> text.codePointCount(0, text.length()) > 1)
        .toList();
  }

  private List<AddedToken> addedTokens() {
    List<SentencePiece> pieces = vocabulary.pieces();
    return IntStream.range(0, pieces.size())
        .filter(id -> pieces.get(id).is(Kind.CONTROL) || pieces.get(id).is(Kind.UNKNOWN))
        .mapToObj(id -> addedToken(pieces.get(id).text(), id))
        .toList();
  }

  private static AddedToken addedToken(String text, int id) {
    return SpecialTokens.USUAL_MASKS.contains(text)
        ? AddedToken.mask(text, id)
        : AddedToken.special(text, id);
  }

  private JsonObject unigram() {
    JsonArray pieces = new JsonArray();
    for (SentencePiece piece : vocabulary.pieces()) {
      JsonArray row = new JsonArray();
      row.add(piece.text());
      row.add((double) piece.score());
      pieces.add(row);
    }
    JsonObject section =
        Sections.section(
            "Unigram",
            Map.of(
                "unk_id", vocabulary.unknownId(),
                "byte_fallback", model.training().byteFallback()));
    section.add("vocab", pieces);
    return section;
  }

  private JsonObject bpe() {
    return Sections.bpe(
        Map.of(
            "unk_token", vocabulary.pieces().get(vocabulary.unknownId()).text(),
            "fuse_unk", true,
            "ignore_merges", !wholeSymbols().isEmpty(),
            "byte_fallback", model.training().byteFallback()),
        vocabulary.ids(),
        Merge.leadingTo(vocabulary.pieces()));
  }
}
