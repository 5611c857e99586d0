/**
 * Results as files: JSON with everything and its provenance, matrices as {@code .npy}, tables as
 * CSV. Start at {@link org.bertology.core.result.ImportanceReport}.
 */
@NullMarked
package org.bertology.core.result;

import org.jspecify.annotations.NullMarked;
