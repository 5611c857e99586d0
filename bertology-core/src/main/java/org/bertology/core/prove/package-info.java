/** Whether a pruned model computes what the model under a mask does. */
@NullMarked
package org.bertology.core.prove;

import org.jspecify.annotations.NullMarked;
