/** Rewrites that keep what a graph means and change what it costs. */
@NullMarked
package org.bertology.api.rewrite;

import org.jspecify.annotations.NullMarked;
