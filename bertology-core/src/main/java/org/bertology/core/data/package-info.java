/**
 * Labelled text read from data files, one example at a time: the layouts of the GLUE tasks, and any
 * TSV, CSV or JSON Lines file by the names of its columns.
 */
@NullMarked
package org.bertology.core.data;

import org.jspecify.annotations.NullMarked;
