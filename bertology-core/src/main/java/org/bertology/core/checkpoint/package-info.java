/**
 * Models on disk: {@link org.bertology.core.checkpoint.Checkpoint} opens one of any format that is
 * read, {@link org.bertology.core.checkpoint.SafeTensors} and {@link
 * org.bertology.core.checkpoint.Npy} read and write tensors.
 */
@NullMarked
package org.bertology.core.checkpoint;

import org.jspecify.annotations.NullMarked;
