/** What the parts of the core share. */
@NullMarked
package org.bertology.core;

import org.jspecify.annotations.NullMarked;
