/** Descriptions of checkpoints whose parameters have other names than those of a known family. */
@NullMarked
package org.bertology.core.checkpoint.mapping;

import org.jspecify.annotations.NullMarked;
