/** Texts as examples of language models: which tokens a model is to find, and what it sees. */
@NullMarked
package org.bertology.core.language;

import org.jspecify.annotations.NullMarked;
