package org.bertology.core.tokenize;

import java.util.Set;

/**
 * The families whose vocabulary files are understood without a {@code tokenizer.json}, by the names
 * of their classes in Hugging Face transformers and of their {@code model_type}.
 */
enum TokenizerFamily {
  // Other names of BERT's own class.
  BERT(
      Set.of(
          "BertTokenizer",
          "DistilBertTokenizer",
          "ElectraTokenizer",
          "MobileBertTokenizer",
          "ConvBertTokenizer",
          "SqueezeBertTokenizer",
          "LayoutLMTokenizer",
          "LxmertTokenizer",
          "RetriBertTokenizer",
          "DPRContextEncoderTokenizer",
          "DPRQuestionEncoderTokenizer",
          "DPRReaderTokenizer"),
      Set.of()),
  BYTE_LEVEL_BPE(
      Set.of(
          "GPT2Tokenizer",
          "RobertaTokenizer",
          "LongformerTokenizer",
          "BartTokenizer",
          "LEDTokenizer",
          "MvpTokenizer",
          "CodeGenTokenizer"),
      Set.of()),
  GPT(Set.of("OpenAIGPTTokenizer"), Set.of("openai-gpt")),
  T5(Set.of("T5Tokenizer", "MT5Tokenizer"), Set.of("t5", "mt5", "umt5")),
  ALBERT(Set.of("AlbertTokenizer"), Set.of("albert")),
  XLM_ROBERTA(Set.of("XLMRobertaTokenizer"), Set.of("xlm-roberta", "xlm-roberta-xl")),
  CAMEMBERT(Set.of("CamembertTokenizer"), Set.of("camembert")),
  /** SentencePiece without special tokens around the text. */
  SENTENCE_PIECE(Set.of("ReformerTokenizer", "BertGenerationTokenizer"), Set.of());

  private static final String FAST = "Fast";

  private final Set<String> classes;
  private final Set<String> modelTypes;

  TokenizerFamily(Set<String> classes, Set<String> modelTypes) {
    this.classes = classes;
    this.modelTypes = modelTypes;
  }

  /** Whether {@code tokenizerClass}, slow or fast, is one of this family. */
  boolean hasClass(String tokenizerClass) {
    return classes.contains(
        tokenizerClass.endsWith(FAST)
            ? tokenizerClass.substring(0, tokenizerClass.length() - FAST.length())
            : tokenizerClass);
  }

  boolean hasModelType(String modelType) {
    return modelTypes.contains(modelType);
  }
}
