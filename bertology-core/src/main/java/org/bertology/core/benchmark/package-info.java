/** How long a model takes, as it is, masked and cut. */
@NullMarked
package org.bertology.core.benchmark;

import org.jspecify.annotations.NullMarked;
