/** Studies that were published, repeated on any model and data. */
@NullMarked
package org.bertology.core.experiment;

import org.jspecify.annotations.NullMarked;
