package org.bertology.core.evaluate;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One answer of a model.
 *
 * @param word that it is about, counted from 0 in its example, if the text was given as words
 * @param value the index of the most probable class, or the predicted number
 * @param label the index of the right class, or the right number, if it is known
 * @param logits that the value was read from
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record Prediction(OptionalInt word, double value, OptionalDouble label, float[] logits) {}
