package org.bertology.core.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.bertology.core.file.AtomicFiles.Content;
import org.bertology.core.file.AtomicFiles.Existing;

/** A file that is gone after {@link #close()} unless it was moved to its final name. */
final class TemporaryFile implements AutoCloseable {
  private final Path path;
  private final Thread removalAtExit;

  private TemporaryFile(Path path) {
    this.path = path;
    this.removalAtExit = new Thread(() -> path.toFile().delete(), "remove " + path.getFileName());
  }

  /** A hidden name in the same directory, because only there a move is one atomic step. */
  static TemporaryFile beside(Path target) {
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    TemporaryFile file =
        new TemporaryFile(
            target.resolveSibling(".%s.%s.tmp".formatted(target.getFileName(), random)));
    Runtime.getRuntime().addShutdownHook(file.removalAtExit);
    return file;
  }

  // Not Files.createTempFile: that makes files which only their owner may read, and the finished
  // file would stay so.
  void fill(Content<FileChannel> content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.writeTo(channel);
    }
  }

  void moveTo(Path target, Existing existing) throws IOException {
    // An atomic move replaces silently, so a target that must be kept needs the ordinary one.
    CopyOption[] options =
        switch (existing) {
          case REPLACE -> new CopyOption[] {StandardCopyOption.ATOMIC_MOVE};
          case REFUSE -> new CopyOption[0];
        };
    Files.move(path, target, options);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(removalAtExit);
    } catch (IllegalStateException e) {
      // The virtual machine is stopping: the hook runs in any case.
    }
    path.toFile().delete();
  }
}
