/** The command line: options, calls of the core, and views of its results. */
@NullMarked
package org.bertology.cli;

import org.jspecify.annotations.NullMarked;
