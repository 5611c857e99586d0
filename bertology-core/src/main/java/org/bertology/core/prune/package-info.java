/**
 * Taking heads, neurons and layers out of a model for good: which go first and how far, and the
 * cut.
 */
@NullMarked
package org.bertology.core.prune;

import org.jspecify.annotations.NullMarked;
