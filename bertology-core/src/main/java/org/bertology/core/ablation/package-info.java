/** What a model does without some of its heads, neurons and layers. */
@NullMarked
package org.bertology.core.ablation;

import org.jspecify.annotations.NullMarked;
