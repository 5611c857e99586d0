package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressBarTest {
  @Test
  void theLineSaysHowFarAndHowFast() {
    assertThat(ProgressBar.line(300, 600, 2))
        .isEqualTo("###############............... 300/600 examples, 150/s, 2 s left");
  }

  @Test
  void theLineStaysOnOneRowOfANarrowTerminal() {
    String line = ProgressBar.line(300, 600, 2);

    assertThat(ProgressBar.cut(line, 40)).hasSize(39).isEqualTo(line.substring(0, 39));
    assertThat(ProgressBar.cut(line, 80)).isEqualTo(line);
    assertThat(ProgressBar.cut(line, Integer.MAX_VALUE)).isEqualTo(line);
  }
}
