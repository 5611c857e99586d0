/** Examples as token ids, batches of similar length, and running them on an engine. */
@NullMarked
package org.bertology.core.run;

import org.jspecify.annotations.NullMarked;
