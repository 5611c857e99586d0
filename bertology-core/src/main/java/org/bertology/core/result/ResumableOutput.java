package org.bertology.core.result;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.file.NewDirectories;
import org.bertology.core.journal.Journal;
import org.jspecify.annotations.Nullable;

/**
 * A directory for the files of a result that is computed in steps: while its {@link Journal} lies
 * in it, the result is not complete, and the same computation goes on there. The owner closes it.
 */
public final class ResumableOutput implements AutoCloseable {
  private static final String JOURNAL_ENDING = ".journal";

  /** What a process that was killed while it wrote files leaves beside them. */
  private static final String TEMPORARY = "\\.%s\\.[0-9a-f]+\\.tmp";

  private final OutputDirectory directory;
  private final Path journalFile;
  private final List<Path> leftovers;
  private final Existing existing;

  private @Nullable Journal journal;
  private @Nullable NewDirectories made;
  private long sizeAtStart;

  private ResumableOutput(
      OutputDirectory directory, Path journalFile, List<Path> leftovers, Existing existing) {
    this.directory = directory;
    this.journalFile = journalFile;
    this.leftovers = leftovers;
    this.existing = existing;
  }

  /**
   * A directory to write to; it need not exist. Nothing is changed yet.
   *
   * @param name of the result, such as {@code ablation}
   * @param files that the result is going to have
   * @param existing whether files in it may be replaced; if not, it must be empty, or hold nothing
   *     but an unfinished result of that name
   * @throws IllegalArgumentException if it is a file, holds something else, or cannot be written
   */
  public static ResumableOutput at(
      Path directory, String name, Collection<String> files, Existing existing) {
    Path journalFile = directory.resolve(name + JOURNAL_ENDING);
    boolean unfinished = Files.isRegularFile(journalFile);
    List<Path> temporaries = unfinished ? temporaries(directory, files) : List.of();
    Set<Path> own = new HashSet<>(temporaries);
    own.add(journalFile);
    files.forEach(file -> own.add(directory.resolve(file)));
    boolean ours = unfinished && own.containsAll(entries(directory));
    OutputDirectory output = OutputDirectory.at(directory, ours ? Existing.REPLACE : existing);
    return new ResumableOutput(output.withoutOthersOf(files), journalFile, temporaries, existing);
  }

  private static List<Path> temporaries(Path directory, Collection<String> files) {
    Pattern pattern =
        Pattern.compile(
            files.stream()
                .map(file -> TEMPORARY.formatted(Pattern.quote(file)))
                .collect(Collectors.joining("|")));
    return entries(directory).stream()
        .filter(entry -> pattern.matcher(entry.getFileName().toString()).matches())
        .toList();
  }

  private static List<Path> entries(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(directory, e), e);
    }
  }

  /**
   * Opens the journal, of which an earlier process may have written a part.
   *
   * @param computation all that the steps depend on
   * @throws IllegalArgumentException if there is a journal of another computation and nothing may
   *     be replaced, or another process writes it
   */
  public Journal start(JsonObject computation) {
    NewDirectories directories = NewDirectories.upTo(directory.path());
    try {
      Journal opened = Journal.open(journalFile, computation, existing);
      leftovers.forEach(file -> file.toFile().delete());
      made = directories;
      sizeAtStart = size(journalFile);
      journal = opened;
      return opened;
    } catch (RuntimeException e) {
      directories.remove();
      throw e;
    }
  }

  /** Takes the files of the result. */
  public OutputDirectory directory() {
    return directory;
  }

  /** Writes the files that the directory was given, and removes the journal. */
  public List<Path> finish() {
    List<Path> files = directory.write();
    if (journal != null) {
      journal.delete();
      journal = null;
    }
    return files;
  }

  /** Whether there are steps with which the same computation would go on. */
  public boolean canGoOn() {
    return journal != null && (!journal.earlier().isEmpty() || size(journalFile) > sizeAtStart);
  }

  /** Not read through a channel, which a thread that was interrupted could not do. */
  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(file, e), e);
    }
  }

  /** Keeps a journal that was not finished, unless there is no step in it. */
  @Override
  public void close() {
    if (journal == null) {
      return;
    }
    if (canGoOn()) {
      journal.close();
    } else {
      journal.delete();
      if (made != null) {
        made.remove();
      }
    }
  }
}
