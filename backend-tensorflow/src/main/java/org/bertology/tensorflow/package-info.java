/**
 * TensorFlow as a backend: graphs become TensorFlow graphs whose weights are resource variables
 * over one copy of the numbers, and whose gradients TensorFlow adds where it is asked to.
 */
@NullMarked
package org.bertology.tensorflow;

import org.jspecify.annotations.NullMarked;
