/**
 * Hidden states, attention maps, contexts and their gradients of given texts, in memory or in files
 * for other tools. Start at {@link org.bertology.core.activation.Activations}.
 */
@NullMarked
package org.bertology.core.activation;

import org.jspecify.annotations.NullMarked;
