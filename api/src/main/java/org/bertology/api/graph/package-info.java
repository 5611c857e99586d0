/**
 * The graph that every model is written in and every engine lowers: {@link
 * org.bertology.api.graph.Op operations}, {@link org.bertology.api.graph.Value values} with named
 * dimensions, and immutable {@link org.bertology.api.graph.Graph graphs} of named values.
 */
@NullMarked
package org.bertology.api.graph;

import org.jspecify.annotations.NullMarked;
