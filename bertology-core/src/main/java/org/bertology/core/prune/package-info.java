/** Taking heads, neurons and layers out of a model for good. */
@NullMarked
package org.bertology.core.prune;

import org.jspecify.annotations.NullMarked;
