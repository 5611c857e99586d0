package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

class ForwardedOptionsTest {
  @Command(subcommands = {Sender.class, Receiver.class})
  private static final class Root {
    @Option(names = "--loud", scope = ScopeType.INHERIT)
    private boolean loud;
  }

  private static final class Shared {
    @Option(names = "--pooling")
    private String pooling = "";

    @Option(names = "--unshare")
    private boolean unshare;

    @Option(names = "--model")
    private String model = "";
  }

  @Command(name = "sender")
  private static final class Sender {
    @Mixin private Shared shared;

    @Option(names = "--own")
    private boolean own;
  }

  @Command(name = "receiver")
  private static final class Receiver {
    @Mixin private Shared shared;
  }

  private static List<String> forwarded(String... given) {
    CommandLine root = new CommandLine(new Root());
    CommandLine.ParseResult parsed = root.parseArgs(given);
    return ForwardedOptions.of(
        parsed.subcommand(),
        root.getSubcommands().get("receiver").getCommandSpec(),
        List.of("--model"));
  }

  @Test
  void valuesAndFlagsThatBothHaveAreForwarded() {
    assertThat(forwarded("sender", "--pooling", "mean", "--unshare"))
        .containsExactlyInAnyOrder("--pooling=mean", "--unshare");
  }

  @Test
  void whatTheReceiverLacksWhatIsLeftOutAndWhatAllCommandsHaveIsNot() {
    assertThat(forwarded("sender", "--own", "--model=bert", "--loud")).isEmpty();
  }

  @Test
  void whatIsNotGivenIsNotForwarded() {
    assertThat(forwarded("sender")).isEmpty();
  }
}
