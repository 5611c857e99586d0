/** Labelled examples as one model sees them, with the metrics of their task. */
@NullMarked
package org.bertology.core.task;

import org.jspecify.annotations.NullMarked;
