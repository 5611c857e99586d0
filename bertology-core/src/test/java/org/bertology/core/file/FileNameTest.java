package org.bertology.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"model-00001-of-00002.safetensors", "model.onnx.data", ".hidden", "a b"})
  void aPlainNameIsInTheSameDirectory(String name) {
    assertThat(FileName.isPlain(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "/etc/passwd", "a/b", "a\\b", "nul\0character"})
  void anythingElseMayBeElsewhere(String name) {
    assertThat(FileName.isPlain(name)).isFalse();
  }
}
