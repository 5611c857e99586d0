/**
 * Two engines side by side: how far their values and gradients are apart, whether they rank heads
 * alike, and how fast each is.
 */
@NullMarked
package org.bertology.core.compare;

import org.jspecify.annotations.NullMarked;
