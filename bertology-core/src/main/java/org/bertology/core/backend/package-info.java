/** The engines that an application has. */
@NullMarked
package org.bertology.core.backend;

import org.jspecify.annotations.NullMarked;
