package org.bertology.core.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Digests that identify the content of files. */
public final class Hashes {
  private static final int BUFFER_BYTES = 1 << 16;

  private Hashes() {}

  /**
   * SHA-256 of the bytes of files one after the other, as 64 lower-case hexadecimal digits; the
   * files are streamed.
   *
   * @throws UncheckedIOException if one cannot be read
   */
  public static String sha256(List<Path> files) {
    MessageDigest digest = sha256();
    files.forEach(file -> update(digest, file));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, Path file) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(file, e), e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
