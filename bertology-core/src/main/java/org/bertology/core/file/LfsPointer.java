package org.bertology.core.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bertology.core.ContentException;

/** What Git leaves in the place of a large file that has not been fetched. */
public final class LfsPointer {
  private static final String BEGINNING = "version ";

  /** How many bytes tell one. */
  public static final int BYTES = BEGINNING.length();

  private LfsPointer() {}

  /**
   * Refuses a file that is one.
   *
   * @param beginning its first {@link #BYTES}, or fewer if it has fewer
   * @throws ContentException if it is one
   */
  public static void refuse(Path file, ByteBuffer beginning) {
    if (StandardCharsets.ISO_8859_1.decode(beginning.duplicate()).toString().equals(BEGINNING)) {
      throw new ContentException(
          "'%s' is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'"
              .formatted(file));
    }
  }
}
