/** Models as files that run without this library, checked before they are kept. */
@NullMarked
package org.bertology.core.export;

import org.jspecify.annotations.NullMarked;
