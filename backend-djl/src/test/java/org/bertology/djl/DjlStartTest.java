package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.api.backend.BackendConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which PyTorch a process starts with, and what it says where there is none, or none for CUDA. */
final class DjlStartTest {
  private static final String NO_CUDA =
      "djl cannot use device 'cuda:0': its PyTorch was built for cpu only, or finds no CUDA device;"
          + " use --device cpu, or set PYTORCH_LIBRARY_PATH to the lib folder of libtorch 2.7.1 for"
          + " CUDA 12.8, PYTORCH_VERSION=2.7.1 and PYTORCH_FLAVOR=cu128";

  @TempDir private Path directory;

  private String start(String classPath, String device, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                StartsOnce.class.getName(),
                device)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PYTORCH_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output).strip();
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private static String classPathWithoutNatives() {
    return Arrays.stream(classPath().split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("pytorch-native"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void withoutNativesTheEngineSaysWhatIsMissingAndFetchesNothing() throws Exception {
    Path cache = directory.resolve("cache");

    String said =
        start(classPathWithoutNatives(), "cpu", Map.of("DJL_CACHE_DIR", cache.toString()));

    assertThat(said)
        .isEqualTo(
            "djl did not load: java.io.IOException: Offline mode is enabled.; it needs"
                + " ai.djl.pytorch:pytorch-native-cpu:2.7.1 for this system and"
                + " ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1 on the class path");
    assertThat(cache)
        .satisfiesAnyOf(
            folder -> assertThat(folder).doesNotExist(),
            folder -> assertThat(files(folder)).isEmpty());
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With this system's own natives in the place of a user's. */
  @Test
  void theEnvironmentChoosesTheLibrary() throws Exception {
    Map<String, String> own =
        Map.of(
            "PYTORCH_LIBRARY_PATH", unpackedLibrary().toString(),
            "PYTORCH_VERSION", "2.7.1",
            "PYTORCH_FLAVOR", "cpu");

    assertThat(start(classPathWithoutNatives(), "cpu", own)).isEqualTo("PyTorch 2.7.1 on [cpu]");
    assertThat(start(classPathWithoutNatives(), "cuda:0", own)).isEqualTo(NO_CUDA);
  }

  private static Path unpackedLibrary() throws IOException {
    new DjlBackendFactory().create(BackendConfig.defaults()).close();
    try (Stream<Path> files = Files.walk(Utils.getEngineCacheDir("pytorch"))) {
      return files
          .filter(file -> file.getFileName().toString().contains("torch_cpu"))
          .findFirst()
          .orElseThrow()
          .getParent();
    }
  }

  /** A folder that has no library is passed over; that must not end on the processor unasked. */
  @Test
  void cudaIsRefusedWhereTheEnvironmentNamesAFolderWithoutALibrary() throws Exception {
    Map<String, String> empty =
        Map.of(
            "PYTORCH_LIBRARY_PATH", directory.toString(),
            "PYTORCH_VERSION", "2.7.1",
            "PYTORCH_FLAVOR", "cu128");

    assertThat(start(classPath(), "cuda:0", empty)).isEqualTo(NO_CUDA);
  }
}
