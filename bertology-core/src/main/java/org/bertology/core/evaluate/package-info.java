/** A model's loss and metrics on a data set. */
@NullMarked
package org.bertology.core.evaluate;

import org.jspecify.annotations.NullMarked;
