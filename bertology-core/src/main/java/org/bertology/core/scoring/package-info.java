/** Ways to tell what heads, neurons and layers are worth, behind one interface. */
@NullMarked
package org.bertology.core.scoring;

import org.jspecify.annotations.NullMarked;
