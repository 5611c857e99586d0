/**
 * ONNX Runtime as a backend: graphs are written as ONNX models in memory and run in sessions that
 * share one upload of the weights.
 */
@NullMarked
package org.bertology.onnx;

import org.jspecify.annotations.NullMarked;
