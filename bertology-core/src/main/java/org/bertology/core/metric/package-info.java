/** Scores of predictions against labels, and rank correlations of two series of numbers. */
@NullMarked
package org.bertology.core.metric;

import org.jspecify.annotations.NullMarked;
