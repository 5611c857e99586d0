package org.bertology.core.run;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.bertology.core.data.Label;
import org.junit.jupiter.api.Test;

class EncodedExampleTest {
  @Test
  void labelsPerTokenCoverEveryToken() {
    Optional<Label> two = Optional.of(new Label.PerToken(List.of(1, 2)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EncodedExample(7, new int[3], new int[3], two))
        .withMessage("example 7 has 3 tokens but 2 labels; special tokens need one too");
  }
}
