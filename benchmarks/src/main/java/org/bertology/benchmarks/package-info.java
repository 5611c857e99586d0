/** Programs that the scripts in this directory time. */
@NullMarked
package org.bertology.benchmarks;

import org.jspecify.annotations.NullMarked;
