/** A checkpoint opened on an engine. Start at {@link org.bertology.core.model.Model}. */
@NullMarked
package org.bertology.core.model;

import org.jspecify.annotations.NullMarked;
