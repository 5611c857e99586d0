package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/library.md} shows is what the example is made of. */
final class LibraryDocumentTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();
  private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void allCodeIsFromTheExample() throws IOException {
    String document = Files.readString(ROOT.resolve("docs/library.md"));
    StringBuilder program = new StringBuilder();
    try (Stream<Path> files = Files.walk(ROOT.resolve("examples/library-use/src"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        program.append(unindented(Files.readString(file)));
      }
    }

    List<String> shown =
        CODE.matcher(document).results().map(code -> unindented(code.group(1))).toList();

    assertThat(shown).hasSize(4).allSatisfy(code -> assertThat(program).contains(code));
  }

  private static String unindented(String code) {
    return code.replaceAll("(?m)^ +", "");
  }

  @Test
  void theExampleIsForThisVersion() throws IOException {
    String pom = Files.readString(ROOT.resolve("examples/library-use/pom.xml"));
    String parent = Files.readString(ROOT.resolve("pom.xml"));
    String version =
        parent.substring(parent.indexOf("<version>") + 9, parent.indexOf("</version>"));

    assertThat(pom).contains("<bertology.version>" + version + "</bertology.version>");
  }
}
