package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Normalization;

/**
 * What to show and keep of importance.
 *
 * @param criterion of the table, the ranking and the {@code .npy} file
 * @param normalization of the same
 * @param output where to write files, if anywhere
 * @param existing whether files may be replaced there
 * @param perExample whether to write the matrix of every example
 * @param json whether to print the JSON document and not tables
 */
record ImportanceRequest(
    Criterion criterion,
    Normalization normalization,
    Optional<Path> output,
    Existing existing,
    boolean perExample,
    boolean json) {}
