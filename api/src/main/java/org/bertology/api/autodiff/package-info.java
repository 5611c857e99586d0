/** Reverse-mode differentiation as a transformation of graphs: gradients are ordinary values. */
@NullMarked
package org.bertology.api.autodiff;

import org.jspecify.annotations.NullMarked;
