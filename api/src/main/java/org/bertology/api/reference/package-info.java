/**
 * The executable specification: an interpreter of graphs in double arithmetic, slow and plain, that
 * every engine is compared with.
 */
@NullMarked
package org.bertology.api.reference;

import org.jspecify.annotations.NullMarked;
