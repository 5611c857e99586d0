/** How Hugging Face's files describe each family of models. */
@NullMarked
package org.bertology.core.family;

import org.jspecify.annotations.NullMarked;
