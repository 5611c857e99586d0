/** Checkpoints of all formats turned into Hugging Face directories. */
@NullMarked
package org.bertology.core.convert;

import org.jspecify.annotations.NullMarked;
