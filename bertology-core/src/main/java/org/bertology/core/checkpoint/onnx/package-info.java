/** Weights and configuration of an exported ONNX model, read without ONNX Runtime. */
@NullMarked
package org.bertology.core.checkpoint.onnx;

import org.jspecify.annotations.NullMarked;
