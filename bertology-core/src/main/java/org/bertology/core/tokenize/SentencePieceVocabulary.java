package org.bertology.core.tokenize;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bertology.core.ContentException;
import org.bertology.core.tokenize.SentencePiece.Kind;

/**
 * What a family of models makes of a SentencePiece model, as in Hugging Face transformers.
 *
 * @param pieces by the family's ids
 * @param normalizers what is done to text before the model's own replacements
 * @param single the tokens around one text, see {@link Sections#template}; empty for none
 * @param pair the tokens around two texts
 */
record SentencePieceVocabulary(
    List<SentencePiece> pieces,
    List<JsonObject> normalizers,
    List<String> single,
    List<String> pair) {

  private static final int MOST_SENTINELS = 10_000;
  private static final Set<String> ALBERT_MARKS = Set.of("<pad>", "[CLS]", "[SEP]", "[MASK]");

  SentencePieceVocabulary {
    pieces = List.copyOf(pieces);
    normalizers = List.copyOf(normalizers);
    single = List.copyOf(single);
    pair = List.copyOf(pair);
  }

  static SentencePieceVocabulary of(
      SentencePieceModel model, TokenizerFamily family, TokenizerConfig config) {
    SentencePieceVocabulary vocabulary =
        switch (family) {
          case T5 -> t5(model, config);
          case ALBERT -> albert(model, config);
          case XLM_ROBERTA -> xlmRoberta(model);
          case CAMEMBERT -> camembert(model);
          case BERT, BYTE_LEVEL_BPE, GPT, SENTENCE_PIECE ->
              new SentencePieceVocabulary(model.pieces(), List.of(), List.of(), List.of());
        };
    SentencePiece.requireDistinct(model.file(), vocabulary.pieces());
    return vocabulary;
  }

  /** Behind the pieces there are sentinels, the last one first. */
  private static SentencePieceVocabulary t5(SentencePieceModel model, TokenizerConfig config) {
    require(model, "</s>");
    int sentinels = config.number("extra_ids").orElse(100);
    if (sentinels < 0 || sentinels > MOST_SENTINELS) {
      throw new ContentException(
          "tokenizer_config.json beside %s has extra_ids %d, expected 0 to %d"
              .formatted(model.file(), sentinels, MOST_SENTINELS));
    }
    Stream<SentencePiece> added =
        IntStream.iterate(sentinels - 1, i -> i >= 0, i -> i - 1)
            .mapToObj("<extra_id_%d>"::formatted)
            .map(SentencePiece::mark);
    return new SentencePieceVocabulary(
        Stream.concat(model.pieces().stream(), added).toList(),
        List.of(),
        List.of("$A:0", "</s>:0"),
        List.of("$A:0", "</s>:0", "$B:0", "</s>:0"));
  }

  private static SentencePieceVocabulary albert(SentencePieceModel model, TokenizerConfig config) {
    require(model, "[CLS]");
    require(model, "[SEP]");
    return new SentencePieceVocabulary(
        model.pieces().stream().map(SentencePieceVocabulary::albert).toList(),
        albertNormalizers(config),
        List.of("[CLS]:0", "$A:0", "[SEP]:0"),
        List.of("[CLS]:0", "$A:0", "[SEP]:0", "$B:1", "[SEP]:1"));
  }

  /** A number and the comma after it are to be two pieces. */
  private static SentencePiece albert(SentencePiece piece) {
    if (ALBERT_MARKS.contains(piece.text())) {
      return SentencePiece.mark(piece.text());
    }
    return piece.digitAndComma() ? piece.minus(100) : piece;
  }

  private static List<JsonObject> albertNormalizers(TokenizerConfig config) {
    List<JsonObject> normalizers = new ArrayList<>();
    normalizers.add(Sections.replace("``", "\""));
    normalizers.add(Sections.replace("''", "\""));
    if (!config.flag("keep_accents").orElse(false)) {
      normalizers.add(Sections.section("NFKD", Map.of()));
      normalizers.add(Sections.section("StripAccents", Map.of()));
    }
    if (config.flag("do_lower_case").orElse(true)) {
      normalizers.add(Sections.section("Lowercase", Map.of()));
    }
    return normalizers;
  }

  /** The first ids are those of fairseq; the other pieces come one later than in the model. */
  private static SentencePieceVocabulary xlmRoberta(SentencePieceModel model) {
    requireStart(model);
    List<SentencePiece> pieces = new ArrayList<>();
    Stream.of("<s>", "<pad>", "</s>").map(SentencePiece::mark).forEach(pieces::add);
    pieces.add(model.pieces().get(0));
    pieces.addAll(model.pieces().subList(3, model.pieces().size()));
    pieces.add(SentencePiece.mark("<mask>"));
    return fairseq(pieces);
  }

  /** Four ids come before those of the model, of which the first is not used. */
  private static SentencePieceVocabulary camembert(SentencePieceModel model) {
    requireStart(model);
    List<SentencePiece> pieces = new ArrayList<>();
    Stream.of("<s>NOTUSED", "<pad>", "</s>NOTUSED").map(SentencePiece::mark).forEach(pieces::add);
    pieces.add(model.pieces().get(0));
    pieces.add(SentencePiece.mark("<unk>NOTUSED").minus(100));
    pieces.addAll(model.pieces().subList(1, model.pieces().size()));
    pieces.add(SentencePiece.mark("<mask>"));
    return fairseq(pieces);
  }

  private static SentencePieceVocabulary fairseq(List<SentencePiece> pieces) {
    return new SentencePieceVocabulary(
        pieces,
        List.of(),
        List.of("<s>:0", "$A:0", "</s>:0"),
        List.of("<s>:0", "$A:0", "</s>:0", "</s>:0", "$B:0", "</s>:0"));
  }

  private static void requireStart(SentencePieceModel model) {
    List<String> start = model.pieces().stream().limit(3).map(SentencePiece::text).toList();
    List<String> expected = List.of("<unk>", "<s>", "</s>");
    if (!start.equals(expected) || model.unknownId() != 0) {
      throw new ContentException(
          ("%s begins with the pieces %s; one of XLM-RoBERTa or CamemBERT begins with %s; correct"
                  + " tokenizer_class in tokenizer_config.json")
              .formatted(model.file(), String.join(" ", start), String.join(" ", expected)));
    }
  }

  private static void require(SentencePieceModel model, String text) {
    if (model.pieces().stream().noneMatch(piece -> piece.text().equals(text))) {
      throw new ContentException(
          ("%s has no piece %s, which models of its family set around text; correct tokenizer_class"
                  + " in tokenizer_config.json")
              .formatted(model.file(), text));
    }
  }

  Vocabulary ids() {
    return Vocabulary.ofLines(pieces.stream().map(SentencePiece::text).toList());
  }

  /** The id of what is not in the vocabulary. */
  int unknownId() {
    return IntStream.range(0, pieces.size())
        .filter(id -> pieces.get(id).is(Kind.UNKNOWN))
        .findFirst()
        .orElseThrow();
  }
}
