/**
 * Transformers written once, as functions that append to a graph. Parameters carry the checkpoint's
 * own names; values of interest carry the names of {@link org.bertology.api.model.Hooks}.
 */
@NullMarked
package org.bertology.api.model;

import org.jspecify.annotations.NullMarked;
