/** JSON texts read to the letter, and what they hold by key and type. */
@NullMarked
package org.bertology.core.json;

import org.jspecify.annotations.NullMarked;
