/**
 * What each head, neuron and layer contributes: every published gradient criterion from one pass.
 * Start at {@link org.bertology.core.importance.Importance}.
 */
@NullMarked
package org.bertology.core.importance;

import org.jspecify.annotations.NullMarked;
