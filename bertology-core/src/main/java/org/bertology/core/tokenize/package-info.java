/**
 * Text to token ids and back to the text: WordPiece in plain Java, every other tokenizer through
 * the native Hugging Face library, both from files only.
 */
@org.jspecify.annotations.NullMarked
package org.bertology.core.tokenize;
