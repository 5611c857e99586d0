package org.bertology.core.tokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;

/** BERT's tokenizer: {@code [CLS] first [SEP]} or {@code [CLS] first [SEP] second [SEP]}. */
final class WordPieceTokenizer implements Tokenizer {

  private static final int FIRST = 0;
  private static final int SECOND = 1;

  private final Vocabulary vocabulary;
  private final AddedTokens addedTokens;
  private final TextNormalizer normalizer;
  private final WordPiece wordPiece;
  private final int startId;
  private final int separatorId;
  private final SpecialTokens special;

  WordPieceTokenizer(WordPieceSettings settings) {
    this.vocabulary = settings.vocabulary();
    this.addedTokens = new AddedTokens(settings.addedTokens());
    this.normalizer = settings.normalizer();
    this.wordPiece =
        new WordPiece(
            settings.pieces(),
            settings.continuationPrefix(),
            settings.id(settings.unknown()),
            settings.longestWord());
    this.startId = settings.id(settings.start());
    this.separatorId = settings.id(settings.separator());
    this.special = settings.specialTokens();
  }

  @Override
  public Encoding encode(String text, int maxLength) {
    return single(tokens(text, FIRST), maxLength);
  }

  @Override
  public Encoding encodePlain(String text) {
    return new Encoding(tokens(text, FIRST), false);
  }

  @Override
  public Encoding encodeWords(List<String> words, int maxLength) {
    List<Token> tokens = new ArrayList<>();
    for (int word = 0; word < words.size(); word++) {
      for (Token token : tokens(words.get(word), FIRST)) {
        tokens.add(token.withWordId(word));
      }
    }
    return single(tokens, maxLength);
  }

  private Encoding single(List<Token> text, int maxLength) {
    int kept = Math.min(text.size(), Truncation.room(maxLength, 2));
    List<Token> tokens = new ArrayList<>(kept + 2);
    tokens.add(Token.special(startId, FIRST));
    tokens.addAll(text.subList(0, kept));
    tokens.add(Token.special(separatorId, FIRST));
    return new Encoding(tokens, kept < text.size());
  }

  @Override
  public Encoding encodePair(String first, String second, int maxLength) {
    if (second.isEmpty()) {
      return encode(first, maxLength);
    }
    List<Token> a = tokens(first, FIRST);
    List<Token> b = tokens(second, SECOND);
    Truncation kept = Truncation.longestFirst(a.size(), b.size(), Truncation.room(maxLength, 3));
    List<Token> tokens = new ArrayList<>(kept.first() + kept.second() + 3);
    tokens.add(Token.special(startId, FIRST));
    tokens.addAll(a.subList(0, kept.first()));
    tokens.add(Token.special(separatorId, FIRST));
    tokens.addAll(b.subList(0, kept.second()));
    tokens.add(Token.special(separatorId, SECOND));
    return new Encoding(tokens, kept.first() < a.size() || kept.second() < b.size());
  }

  private List<Token> tokens(String text, int segment) {
    SegmentTokens tokens = new SegmentTokens(normalizer, wordPiece, segment);
    Matcher added = addedTokens.in(text);
    int from = 0;
    while (added.find()) {
      tokens.text(text.substring(from, added.start()));
      tokens.added(added.group(), addedTokens.id(added.group()));
      from = added.end();
    }
    tokens.text(text.substring(from));
    return tokens.list();
  }

  @Override
  public int padId() {
    return special.padId();
  }

  @Override
  public OptionalInt maskId() {
    return special.maskId();
  }

  @Override
  public boolean isSpecial(int id) {
    return special.contains(id);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public OptionalInt id(String token) {
    return vocabulary.id(token);
  }

  @Override
  public void close() {
    // nothing native
  }
}
