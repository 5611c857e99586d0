package org.bertology.core.export;

/**
 * A file of an export.
 *
 * @param name relative to the directory that the export is in, with {@code /} between its parts
 * @param bytes its size
 */
public record ExportedFile(String name, long bytes) {}
