package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the system tells of processes: their end, their memory, their libraries. */
class ProcessFactsTest {
  @Test
  void exitCodesFromSignalsAreNamed() {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "this system has no signals as Linux has them");

    assertThat(ProcessEnd.words(1)).isEqualTo("the process ended with exit code 1");
    assertThat(ProcessEnd.words(139)).isEqualTo("the process ended with signal 11 (SIGSEGV)");
    assertThat(ProcessEnd.words(134)).isEqualTo("the process ended with signal 6 (SIGABRT)");
    assertThat(ProcessEnd.words(159)).isEqualTo("the process ended with signal 31");
    assertThat(ProcessEnd.words(255)).isEqualTo("the process ended with exit code 255");
  }

  @Test
  void thePeakOfMemoryIsReadInBytes() {
    String status = "Name:\tjava\nVmPeak:\t 9000 kB\nVmHWM:\t  2048 kB\nVmRSS:\t 1024 kB\n";

    assertThat(PeakMemory.bytes(status)).hasValue(2L << 20);
    assertThat(PeakMemory.bytes("Name:\tjava\n")).isEmpty();
  }

  @Test
  void thisProcessHasUsedMoreThanItsClassesTake() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "this system does not tell");

    assertThat(PeakMemory.bytes().orElseThrow()).isGreaterThan(10L << 20);
  }

  @Test
  void librariesOfJavaAndOfTheSystemAreLeftOut() {
    String maps =
        """
        7f0000000000-7f0000001000 r-xp 00000000 08:01 42                         /opt/java/lib/libjvm.so
        7f0000001000-7f0000002000 r-xp 00000000 08:01 43                         /usr/lib/libc.so.6
        7f0000002000-7f0000003000 r-xp 00000000 08:01 44                         /home/a user/libtorch_cpu.so
        7f0000003000-7f0000004000 r--p 00001000 08:01 44                         /home/a user/libtorch_cpu.so
        7f0000004000-7f0000005000 r-xp 00000000 08:01 45                         /tmp/x/libtensorflow_cc.so.2 (deleted)
        7f0000005000-7f0000006000 rw-p 00000000 00:00 0                          [heap]
        7f0000006000-7f0000007000 r--s 00000000 08:01 46                         /home/model.safetensors
        """;

    assertThat(NativeLibraries.in(maps, "/opt/java"))
        .containsExactly("/home/a user/libtorch_cpu.so", "/tmp/x/libtensorflow_cc.so.2");
  }

  @Test
  void childrenGetTheSameJavaAndClassPath() {
    ChildCommand command = ChildCommand.of(new MainClass(ComparedMain.class));

    assertThat(command.words().get(0)).startsWith(System.getProperty("java.home"));
    assertThat(command.words())
        .containsSequence(
            "-cp", System.getProperty("java.class.path"), "org.bertology.cli.ComparedMain")
        .contains("-Duser.language=en")
        .noneMatch(word -> word.startsWith("-agentlib:jdwp"));
    assertThat(command.with(java.util.List.of("doctor"))).endsWith("doctor");
  }
}
