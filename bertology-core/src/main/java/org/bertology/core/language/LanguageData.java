package org.bertology.core.language;

import java.util.ArrayList;
import java.util.List;
import org.bertology.api.model.Task;
import org.bertology.core.ContentException;
import org.bertology.core.data.Example;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.tokenize.Encoding;

/**
 * Texts as examples of a language model, each labelled with the tokens that the model has to find.
 *
 * <p>A model that predicts the next token has to find every token that has one before it. Plain
 * text is cut into windows that overlap by all but a stride, and only what is new in a window has
 * to be found there: each token counts once. A masked language model has to find the tokens that a
 * {@link Masking} hides, of which marks such as {@code [SEP]} and {@code [UNK]} are never one.
 * Plain text is cut into pieces for it, each between the marks of a text.
 *
 * @param ids names of the examples in results
 * @param encoded the examples
 * @param description one line on what has to be found
 */
public record LanguageData(List<String> ids, EncodedData encoded, String description) {
  public LanguageData {
    ids = List.copyOf(ids);
  }

  /** Whether the data of a task is made here. */
  public static boolean isFor(Task task) {
    return task == Task.MASKED_LM || task == Task.CAUSAL_LM;
  }

  /**
   * What a model has to find in texts.
   *
   * @param texts examples, or plain text that is cut into windows
   * @param maxLength tokens of an example or a window
   * @throws IllegalArgumentException if options do not fit the model or each other
   * @throws ContentException if there is nothing to find in an example
   */
  public static LanguageData of(Model model, Texts texts, int maxLength, LanguageOptions options) {
    Passages passages = new Passages(model.tokenizer(), maxLength);
    return made(texts, passages, quest(model, passages, options));
  }

  /** Texts for their own sake: all of them is seen, unless a masking is asked for. */
  public static LanguageData whole(
      Model model, Texts texts, int maxLength, LanguageOptions options) {
    Passages passages = new Passages(model.tokenizer(), maxLength);
    boolean seen = model.task() == Task.MASKED_LM && options.masking().isEmpty();
    return made(texts, passages, seen ? new NoQuest(passages) : quest(model, passages, options));
  }

  /**
   * Texts to be made into examples.
   *
   * @param arePlain whether they are plain text
   * @param limit the most windows of plain text
   */
  public record Texts(Iterable<Example> examples, boolean arePlain, int limit) {}

  private static Quest quest(Model model, Passages passages, LanguageOptions options) {
    if (model.task() == Task.CAUSAL_LM) {
      options
          .masking()
          .ifPresent(
              masking -> {
                throw wrong(model, "predicts the next token, so that nothing is masked");
              });
      int stride = options.stride().orElse(Math.max(1, passages.maxLength() / 2));
      return new NextTokens(passages, stride);
    }
    if (options.stride().isPresent()) {
      throw wrong(model, "finds masked tokens, and a stride is for models of the next token");
    }
    int maskId =
        model
            .tokenizer()
            .maskId()
            .orElseThrow(() -> wrong(model, "has no mask token in its vocabulary"));
    return new HiddenTokens(
        passages, options.masking().orElse(Masking.USUAL), maskId, options.seed());
  }

  private static IllegalArgumentException wrong(Model model, String what) {
    return new IllegalArgumentException("'%s' %s".formatted(model.checkpoint().directory(), what));
  }

  private static LanguageData made(Texts texts, Passages passages, Quest quest) {
    Made made = new Made(quest);
    for (Example text : texts.examples()) {
      if (texts.arePlain()) {
        made.add(text, quest.windows(text, texts.limit()));
      } else {
        Encoding encoding = passages.encoded(text);
        made.truncated += encoding.truncated() ? 1 : 0;
        made.add(text, List.of(quest.passage(text.id(), encoding)));
      }
    }
    return made.data(texts.arePlain());
  }

  /** What was made so far. */
  private static final class Made {
    private final Quest quest;
    private final List<String> ids = new ArrayList<>();
    private final List<EncodedExample> examples = new ArrayList<>();
    private int passages;
    private int truncated;

    Made(Quest quest) {
      this.quest = quest;
    }

    void add(Example text, List<Passage> parts) {
      int before = examples.size();
      for (Passage passage : parts) {
        for (Quest.Named named : quest.examples(passage, passages++, examples.size())) {
          ids.add(named.id());
          examples.add(named.example());
        }
      }
      if (examples.size() == before) {
        throw new ContentException(
            "example '%s' (line %d) has too few tokens: there is nothing to find in it; leave it out"
                .formatted(text.id(), text.line()));
      }
    }

    LanguageData data(boolean plain) {
      EncodedData encoded = new EncodedData(examples, truncated);
      return new LanguageData(ids, encoded, quest.description(plain));
    }
  }
}
