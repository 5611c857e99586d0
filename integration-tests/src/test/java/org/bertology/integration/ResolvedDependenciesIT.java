package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes along with an artifact, as Maven resolves it for a program that depends on it. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class ResolvedDependenciesIT {
  private static final String TREE = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:tree";

  /** Group, artifact, type, classifier if any, version, scope. */
  private static final Pattern COORDINATES =
      Pattern.compile(
          "([\\w.-]+):([\\w.-]+):[\\w-]+:(?:([\\w-]+):)?([\\w.-]+):\\w+$", Pattern.MULTILINE);

  private static final Set<String> GROUPS_OF_THE_CORE =
      Set.of(
          "ai.djl",
          "ai.djl.huggingface",
          "com.google.code.gson",
          "com.google.errorprone",
          "commons-codec",
          "commons-io",
          "net.java.dev.jna",
          "org.apache.commons",
          "org.bertology",
          "org.jspecify",
          "org.slf4j");

  private static final Map<String, Set<String>> GROUPS_OF_ENGINES =
      Map.of(
          "djl", Set.of("ai.djl.pytorch"),
          "onnx", Set.of("com.microsoft.onnxruntime"),
          "tensorflow", Set.of("com.google.protobuf", "org.bytedeco", "org.tensorflow"));

  private static final List<String> PROGRAMS =
      List.of("core", "backend-djl", "backend-onnx", "backend-tensorflow");

  @TempDir static Path directory;
  private static ConsumerMaven maven;

  /** One artifact that was resolved; the classifier is empty if there is none. */
  private record Artifact(String group, String name, String classifier) {
    static Artifact of(MatchResult line) {
      return new Artifact(line.group(1), line.group(2), line.group(3) == null ? "" : line.group(3));
    }
  }

  @BeforeAll
  static void resolve() throws Exception {
    maven = ConsumerMaven.withRepository(directory.resolve("repository"));
    Path programs = Files.createDirectory(directory.resolve("programs"));
    for (String program : PROGRAMS) {
      write(programs.resolve(program), program, "jar", dependencies(program));
    }
    String modules =
        PROGRAMS.stream().map("<module>%s</module>"::formatted).collect(Collectors.joining());
    write(programs, "programs", "pom", "<modules>%s</modules>".formatted(modules));
    maven.run(programs, TREE, "-DoutputFile=tree");
  }

  @AfterAll
  static void close() throws IOException {
    maven.close();
  }

  private static void write(Path project, String name, String packaging, String content)
      throws IOException {
    String pom =
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>%s</artifactId>
          <version>1</version>
          <packaging>%s</packaging>
          %s
        </project>
        """;
    Files.createDirectories(project);
    Files.writeString(project.resolve("pom.xml"), pom.formatted(name, packaging, content));
  }

  private static String dependencies(String program) {
    return Stream.of("api", "core", program)
        .distinct()
        .map(
            module ->
                "<dependency><groupId>org.bertology</groupId><artifactId>bertology-%s</artifactId><version>%s</version></dependency>"
                    .formatted(module, ConsumerMaven.version()))
        .collect(Collectors.joining("", "<dependencies>", "</dependencies>"));
  }

  /** All that a program gets, its own artifact left out. */
  private static List<Artifact> resolved(String program, String tree) throws IOException {
    String text = Files.readString(directory.resolve("programs").resolve(program).resolve(tree));
    return COORDINATES.matcher(text).results().map(Artifact::of).toList();
  }

  private static Set<String> groups(String program) throws IOException {
    return resolved(program, "tree").stream()
        .map(Artifact::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Artifact> natives(List<Artifact> artifacts) {
    return artifacts.stream().filter(artifact -> !artifact.classifier().isEmpty()).toList();
  }

  @Test
  void theCoreBringsNoEngineAndNoGuice() throws IOException {
    Set<String> groups = groups("core");

    assertThat(groups).isEqualTo(GROUPS_OF_THE_CORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"djl", "onnx", "tensorflow"})
  void aBackendBringsItsOwnEngineAndNoOther(String engine) throws IOException {
    Set<String> groups = groups("backend-" + engine);

    groups.removeAll(GROUPS_OF_THE_CORE);
    assertThat(groups).isEqualTo(GROUPS_OF_ENGINES.get(engine));
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, aarch64, linux-aarch64, linux-arm64",
    "MacOSX, aarch64, osx-aarch64, macosx-arm64",
    "Linux, amd64, linux-x86_64, linux-x86_64"
  })
  void nativesAreThoseOfTheMachineThatBuildsTheProgram(
      String system, String processor, String torch, String tensorflow) throws Exception {
    Map<String, String> machine = Map.of("os.name", system, "os.arch", processor);

    maven.run(directory.resolve("programs"), machine, TREE, "-DoutputFile=" + torch);

    assertThat(natives(resolved("core", torch))).isEmpty();
    assertThat(natives(resolved("backend-onnx", torch))).isEmpty();
    assertThat(natives(resolved("backend-djl", torch)))
        .containsExactly(new Artifact("ai.djl.pytorch", "pytorch-native-cpu", torch));
    assertThat(natives(resolved("backend-tensorflow", torch)))
        .containsExactly(new Artifact("org.tensorflow", "tensorflow-core-native", tensorflow));
  }
}
