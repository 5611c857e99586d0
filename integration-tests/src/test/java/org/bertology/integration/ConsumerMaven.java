package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The Maven that runs this build, on projects of strangers. The modules are installed in a local
 * repository of its own; in place of everything else there are links to the user's local
 * repository, so that nothing is downloaded twice and nothing of this build stays there. Closing
 * takes the links away.
 */
final class ConsumerMaven implements AutoCloseable {
  private static final long PATIENCE_MINUTES = 10;
  private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();

  /** Directories of the modules that programs depend on, by artifact. */
  private static final Map<String, String> MODULES =
      Map.of(
          "bertology-parent", ".",
          "bertology-api", "api",
          "bertology-backend-djl", "backend-djl",
          "bertology-backend-onnx", "backend-onnx",
          "bertology-backend-tensorflow", "backend-tensorflow",
          "bertology-core", "bertology-core");

  private final Path repository;

  private ConsumerMaven(Path repository) {
    this.repository = repository;
  }

  /** Installs the packaged modules. */
  static ConsumerMaven withRepository(Path repository) throws IOException {
    Path users = Path.of(property("localRepository"));
    Path groups = Files.createDirectories(repository.resolve("org"));
    link(users, repository, "org");
    link(users.resolve("org"), groups, "bertology");
    for (Map.Entry<String, String> module : MODULES.entrySet()) {
      install(groups.resolve("bertology"), module.getKey(), ROOT.resolve(module.getValue()));
    }
    return new ConsumerMaven(repository);
  }

  private static void link(Path from, Path to, String except) throws IOException {
    try (Stream<Path> children = Files.list(from)) {
      for (Path child : children.filter(Files::isDirectory).toList()) {
        if (!child.endsWith(except)) {
          Files.createSymbolicLink(to.resolve(child.getFileName()), child.toAbsolutePath());
        }
      }
    }
  }

  /** Does what {@code mvn install} does with a module's POM and jar. */
  private static void install(Path group, String artifact, Path module) throws IOException {
    String version = version();
    Path directory = Files.createDirectories(group.resolve(artifact).resolve(version));
    String name = artifact + "-" + version;
    Files.copy(module.resolve("pom.xml"), directory.resolve(name + ".pom"));
    if (!artifact.equals("bertology-parent")) {
      Path jar = module.resolve("target").resolve(name + ".jar");
      assertThat(jar).as("a module that was not packaged; run mvn verify at the root").exists();
      Files.copy(jar, directory.resolve(jar.getFileName()));
    }
  }

  /** The version of all modules. */
  static String version() {
    return property("maven.run.version");
  }

  /** Runs goals in a project's directory; they must succeed. */
  void run(Path project, String... goals) throws Exception {
    run(project, Map.of(), goals);
  }

  /** The same with system properties of Maven's own process, which {@code -D} does not set. */
  void run(Path project, Map<String, String> system, String... goals) throws Exception {
    // Maven's own options belong to the directory that is marked so, not to this build's root.
    Files.createDirectories(project.resolve(".mvn"));
    Path output = project.resolve("maven.log");
    ProcessBuilder builder =
        new ProcessBuilder(command(goals))
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    StringBuilder options = new StringBuilder(builder.environment().getOrDefault("MAVEN_OPTS", ""));
    system.forEach((name, value) -> options.append(" -D%s=%s".formatted(name, value)));
    builder.environment().put("MAVEN_OPTS", options.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));

    Process process = builder.start();
    boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    process.destroy();

    assertThat(ended).as(Files.readString(output)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  private List<String> command(String... goals) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(property("maven.run.home"), "bin", "mvn").toString());
    command.addAll(List.of("-B", "-ntp", "-Dmaven.repo.local=" + repository));
    file("maven.run.userSettings").ifPresent(file -> command.addAll(List.of("-s", file)));
    file("maven.run.globalSettings").ifPresent(file -> command.addAll(List.of("-gs", file)));
    if (property("maven.run.offline").equals("offline=true")) {
      command.add("-o");
    }
    command.addAll(List.of(goals));
    return command;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(repository, 2)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private static Optional<String> file(String property) {
    return Optional.of(property(property)).filter(file -> Files.isRegularFile(Path.of(file)));
  }

  private static String property(String name) {
    return Optional.ofNullable(System.getProperty(name))
        .orElseThrow(
            () -> new IllegalStateException(name + " is not set; run this test by mvn verify"));
  }
}
