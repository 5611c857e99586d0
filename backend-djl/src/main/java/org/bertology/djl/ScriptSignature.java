package org.bertology.djl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What a script in a file says of its arguments, which DJL cannot tell. */
final class ScriptSignature {
  private static final Pattern FORWARD = Pattern.compile("def forward\\(self: [\\w.]+,([^)]*)\\)");
  private static final Pattern ARGUMENT = Pattern.compile("(\\w+): Tensor");

  private ScriptSignature() {}

  /**
   * The names of the arguments of {@code forward}, which are tensors, in order.
   *
   * @throws IOException if the file is not an archive with a module
   */
  static List<String> arguments(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry source =
          zip.stream()
              .filter(entry -> entry.getName().endsWith("/" + ScriptArchive.SOURCE))
              .findFirst()
              .map(ZipEntry.class::cast)
              .orElseThrow(() -> new IOException("it has no " + ScriptArchive.SOURCE));
      try (InputStream stream = zip.getInputStream(source)) {
        return arguments(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private static List<String> arguments(String source) throws IOException {
    Matcher forward = FORWARD.matcher(source);
    if (!forward.find()) {
      throw new IOException("its module has no method forward");
    }
    return ARGUMENT.matcher(forward.group(1)).results().map(ScriptSignature::name).toList();
  }

  private static String name(MatchResult argument) {
    return argument.group(1);
  }
}
