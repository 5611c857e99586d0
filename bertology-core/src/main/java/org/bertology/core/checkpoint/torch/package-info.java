/**
 * What {@code torch.save} writes, read without Python: {@link
 * org.bertology.core.checkpoint.torch.TorchFile} opens a file of either of PyTorch's two formats.
 */
@NullMarked
package org.bertology.core.checkpoint.torch;

import org.jspecify.annotations.NullMarked;
