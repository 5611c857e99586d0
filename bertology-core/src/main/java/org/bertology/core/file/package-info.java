/** Files that are either written completely or not at all. */
@NullMarked
package org.bertology.core.file;

import org.jspecify.annotations.NullMarked;
