/**
 * DJL's PyTorch engine as a backend: graphs are written as TorchScript archives in memory, which
 * one native call runs and, where asked to, differentiates.
 */
@NullMarked
package org.bertology.djl;

import org.jspecify.annotations.NullMarked;
