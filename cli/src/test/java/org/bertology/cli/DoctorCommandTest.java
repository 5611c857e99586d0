package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Engines of the test module, some of which do not start. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorCommandTest {
  private Result text = new Result(-1, "", "");
  private Result json = new Result(-1, "", "");

  @BeforeAll
  void examine() {
    text = Result.of(new ComparedModule(), "doctor");
    json = Result.of(new ComparedModule(), "doctor", "--json");
  }

  @Test
  void missingAndBrokenEnginesAreFindingsAndNoFailures() {
    assertThat(text.exitCode()).isZero();
    assertThat(json.exitCode()).isZero();
    assertThat(text.err()).isEmpty();
  }

  @Test
  void anEngineThatWorksTellsAboutItself() {
    JsonObject engine = engine("first");

    assertThat(engine.get("state").getAsString()).isEqualTo("works");
    assertThat(engine.get("version").getAsString()).startsWith("double arithmetic in Java");
    assertThat(engine.get("devices").toString()).isEqualTo("[\"cpu\"]");
    assertThat(engine.get("capabilities").toString()).isEqualTo("[\"double-precision\"]");
    assertThat(engine.get("jars").toString()).contains("test-classes");
    assertThat(engine.get("problem").isJsonNull()).isTrue();
    assertThat(text.out()).contains("first       works: double arithmetic in Java");
  }

  @Test
  void whatAnEngineWarnsOfIsShown() {
    assertThat(engine("second").get("warnings").toString()).isEqualTo("[\"collects usage data\"]");
    assertThat(text.out()).contains("  warning   collects usage data\n");
  }

  @Test
  void anEngineThatIsNotThereComesWithWhatToAdd() {
    assertThat(engine("djl").get("state").getAsString()).isEqualTo("missing");
    assertThat(text.out())
        .contains(
            "djl         PyTorch through DJL is not on the class path\n"
                + "  to do     add org.bertology:bertology-backend-djl\n");
  }

  @Test
  void anEngineThatThrowsIsShownWithItsReason() {
    assertThat(engine("broken").get("problem").getAsString())
        .isEqualTo("broken did not load: its library needs another system");
    assertThat(engine("incompatible").get("problem").getAsString())
        .isEqualTo("backend 'incompatible' does not load: org/engine/Session");
    assertThat(text.out())
        .contains("broken      does not work: broken did not load: its library")
        .contains("'bertology engine-probe --backend broken --verbose' prints the stack trace");
  }

  @Test
  void anEngineThatCrashesEndsOnlyItsOwnProcess() {
    JsonObject engine = engine("crashing");

    assertThat(engine.get("state").getAsString()).isEqualTo("fails");
    assertThat(engine.get("problem").getAsString())
        .isEqualTo("the process ended with signal 9 (SIGKILL)");
    assertThat(engine.get("advice").getAsString()).startsWith("its native code crashed: ");
  }

  @Test
  void javaTheMachineAndTheTelemetrySwitchAreShown() {
    assertThat(text.out())
        .contains("java        " + System.getProperty("java.vm.name"))
        .containsPattern("memory +\\d+\\.\\d GiB, of which Java objects may take \\d+\\.\\d GiB")
        .contains("note        " + ComparedModule.UNUSABLE)
        .contains("ORT_DISABLE_TELEMETRY is ");
    assertThat(DoctorCommand.telemetry("1"))
        .endsWith("no version of ONNX Runtime collects usage data");
    assertThat(DoctorCommand.telemetry(""))
        .isEqualTo(
            "ORT_DISABLE_TELEMETRY is not 1: ONNX Runtime 1.29 and later collect usage data, earlier versions do not");
  }

  @Test
  void theDocumentHasTheMembersThatItsDocumentationShows() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "commands.md"));
    String section = page.substring(page.indexOf("## doctor"));
    String example = section.substring(section.indexOf("```json") + 7);
    JsonObject documented =
        JsonParser.parseString(example.substring(0, example.indexOf("```"))).getAsJsonObject();

    JsonObject actual = JsonParser.parseString(json.out()).getAsJsonObject();

    assertThat(actual.keySet()).containsExactlyElementsOf(documented.keySet());
    assertThat(engine("first").keySet())
        .containsExactlyElementsOf(
            documented.getAsJsonArray("engines").get(0).getAsJsonObject().keySet());
  }

  private JsonObject engine(String name) {
    JsonObject document = JsonParser.parseString(json.out()).getAsJsonObject();
    for (JsonElement engine : document.getAsJsonArray("engines")) {
      if (engine.getAsJsonObject().get("backend").getAsString().equals(name)) {
        return engine.getAsJsonObject();
      }
    }
    throw new AssertionError("no engine '%s' in %s".formatted(name, json.out()));
  }
}
