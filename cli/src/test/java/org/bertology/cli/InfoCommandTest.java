package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
  /** Four linear maps of 32 x 32 with biases, and a layer normalisation. */
  private static final int ATTENTION = 4 * (32 * 32 + 32) + 2 * 32;

  /** Query, key and value of 8 rows each with biases, and 8 columns of the output projection. */
  private static final int HEAD = 3 * (8 * 32 + 8) + 8 * 32;

  @TempDir Path directory;

  private String model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.classifier(directory).directory().toString();
  }

  @Test
  void printsGeometryParametersAndOperations() {
    Result result = Result.of("info", "--model", model);

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("model       model: bert, sequence classification")
        .contains("3 layers, 12 heads, hidden width 32, 40 positions, vocabulary of 97")
        .contains("    1      4          8       48                 4,288         3,216")
        .contains("FLOPs       of matrix products, 1 x 40 tokens:");
  }

  @Test
  void saysWhatIsLeftWithoutTheMaskedHeads() {
    Result result = Result.of("info", "--model", model, "--head-mask", "1:1,2 3:4");

    assertThat(result.out())
        .contains("masked      3 of 12 heads; without them")
        .contains(" parameters, %,d fewer\n".formatted(3 * HEAD));
  }

  @Test
  void printsADocument() {
    Result result = Result.of("info", "--model", model, "--json", "--length", "10");

    JsonObject document = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(document.get("kind").getAsString()).isEqualTo("info");
    assertThat(document.getAsJsonArray("layers")).hasSize(3);
    assertThat(document.getAsJsonObject("parameters").getAsJsonArray("attention").get(0).getAsInt())
        .isEqualTo(ATTENTION);
    assertThat(document.getAsJsonObject("flops").get("length").getAsInt()).isEqualTo(10);
  }

  @Test
  void theDocumentSaysWhatIsLeftWithoutTheMaskedHeads() {
    Result result = Result.of("info", "--model", model, "--json", "--head-mask", "1:1,2 3:4");

    JsonObject document = JsonParser.parseString(result.out()).getAsJsonObject();
    JsonObject masked = document.getAsJsonObject("masked");
    long parameters = document.getAsJsonObject("parameters").get("total").getAsLong();
    long flops = document.getAsJsonObject("flops").get("narrowed").getAsLong();
    assertThat(masked.get("heads").getAsInt()).isEqualTo(3);
    assertThat(masked.get("fewerParameters").getAsLong()).isEqualTo(3 * HEAD);
    assertThat(masked.get("parameters").getAsLong()).isEqualTo(parameters - 3 * HEAD);
    assertThat(masked.get("fewerFlops").getAsLong()).isBetween(1L, flops - 1);
    assertThat(masked.get("flops").getAsLong() + masked.get("fewerFlops").getAsLong())
        .isEqualTo(flops);
  }

  @Test
  void listsEveryParameter() {
    Result result = Result.of("info", "--model", model, "--parameters", "--length", "10");

    assertThat(result.out())
        .containsPattern(
            "bert\\.encoder\\.layer\\.2\\.intermediate\\.dense\\.weight +48 x 32 +1,536 +30,720\\n")
        .containsPattern("classifier\\.bias +3 +3 +0\\n")
        .contains(
            "\n%,d FLOPs of attention without parameters\n".formatted(2 * 2 * 3 * 4 * 10 * 10 * 8))
        .containsPattern("\n[0-9,]+ trained\n$");
  }

  @Test
  void theDocumentListsEveryParameter() {
    Result result = Result.of("info", "--model", model, "--parameters", "--json");

    JsonObject document = JsonParser.parseString(result.out()).getAsJsonObject();
    long total = document.getAsJsonObject("parameters").get("total").getAsLong();
    assertThat(
            document.getAsJsonArray("tensors").asList().stream()
                .mapToLong(tensor -> tensor.getAsJsonObject().get("size").getAsLong())
                .sum())
        .isEqualTo(total);
  }

  @Test
  void lengthsBeyondThePositionsAreRefused() {
    Result result = Result.of("info", "--model", model, "--length", "41");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .isEqualTo("bertology: a batch has at least 1 example of 1 to 40 tokens, got 1 of 41\n");
  }
}
