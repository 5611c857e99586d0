package org.bertology.core.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruncationTest {

  @ParameterizedTest
  @CsvSource({
    "3, 4, 7, 3, 4", // fits
    "3, 40, 10, 3, 7", // only the longer one is cut
    "40, 3, 10, 7, 3",
    "30, 40, 10, 5, 5", // both are
    "30, 30, 11, 5, 6", // the odd place
    "31, 30, 11, 6, 5",
    "40, 0, 10, 10, 0",
    "5, 6, 10, 5, 5"
  })
  void theLongerTextIsCutFirst(int first, int second, int room, int keptFirst, int keptSecond) {
    assertThat(Truncation.longestFirst(first, second, room))
        .isEqualTo(new Truncation(keptFirst, keptSecond));
  }
}
