/** Long computations that go on where they were after their process was killed. */
@NullMarked
package org.bertology.core.journal;

import org.jspecify.annotations.NullMarked;
