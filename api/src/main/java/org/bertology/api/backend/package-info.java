/**
 * What an engine offers: a {@link org.bertology.api.backend.BackendFactory} found by {@link
 * java.util.ServiceLoader}, the {@link org.bertology.api.backend.Backend} it creates, and the
 * {@link org.bertology.api.backend.CompiledGraph graphs} that one runs. Nothing native crosses this
 * package.
 */
@NullMarked
package org.bertology.api.backend;

import org.jspecify.annotations.NullMarked;
