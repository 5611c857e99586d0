package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models of a usual size, untrained, load and run one importance batch of 8 × 64 tokens within 6
 * GiB of resident memory. They take minutes and gigabytes of disk, so {@code
 * -Dbertology.large=true} asks for them.
 */
class LargeModelsTest {
  private static final long MOST = 6L << 30;
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final List<String> ENGINES = List.of("onnx", "djl", "tensorflow");

  private static final Map<String, String> CONFIGS =
      Map.of(
          "gpt2-small",
          """
          {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 50257,
           "n_positions": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12}
          """,
          "t5-base",
          """
          {"model_type": "t5", "architectures": ["T5ForConditionalGeneration"],
           "vocab_size": 32128, "n_positions": 512, "d_model": 768, "d_kv": 64, "d_ff": 3072,
           "num_layers": 12, "num_heads": 12, "pad_token_id": 0}
          """,
          "xlm-r-base",
          """
          {"model_type": "xlm-roberta", "architectures": ["XLMRobertaForSequenceClassification"],
           "vocab_size": 250002, "max_position_embeddings": 514, "hidden_size": 768,
           "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072,
           "type_vocab_size": 1, "layer_norm_eps": 1e-05, "pad_token_id": 1}
          """);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-small", "t5-base", "xlm-r-base"})
  void aBatchRunsWithinSixGibibytes(String name) throws Exception {
    assumeTrue(Boolean.getBoolean("bertology.large"), "skipped: -Dbertology.large=true runs this");
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "skipped: only Linux tells the peak");
    Path model = directory.resolve(name);
    RandomModel.write(CONFIGS.get(name), model);

    for (String engine : ENGINES) {
      String output = run(model, engine);
      System.out.printf("%s on %s: %s%n", name, engine, output.replace('\n', ' '));
      Matcher peak = PEAK.matcher(output);
      assertThat(output).contains(" finite\n");
      assertThat(peak.find()).as(output).isTrue();
      assertThat(Long.parseLong(peak.group(1)) * 1024).as(engine).isLessThan(MOST);
    }
  }

  private String run(Path model, String engine) throws Exception {
    Path errors = directory.resolve("errors");
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LargeModelProbe.class.getName(),
                model.toString(),
                engine)
            .redirectError(errors.toFile())
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
      return Files.readString(output, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }
}
