/**
 * How sure a number is that was measured on examples: bootstrap intervals, tests of differences
 * between models on the same examples, and corrections for testing many of them. Start at {@link
 * org.bertology.core.statistics.PairedComparison}.
 */
@NullMarked
package org.bertology.core.statistics;

import org.jspecify.annotations.NullMarked;
