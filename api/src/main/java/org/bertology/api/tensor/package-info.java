/** Data on the host: tensors that cross the boundary to an engine, and weights by name. */
@NullMarked
package org.bertology.api.tensor;

import org.jspecify.annotations.NullMarked;
