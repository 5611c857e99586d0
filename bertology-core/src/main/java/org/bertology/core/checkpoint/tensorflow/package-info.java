/**
 * TensorFlow checkpoints as Google's BERT, ALBERT and ELECTRA are published, read without
 * TensorFlow.
 */
@NullMarked
package org.bertology.core.checkpoint.tensorflow;

import org.jspecify.annotations.NullMarked;
