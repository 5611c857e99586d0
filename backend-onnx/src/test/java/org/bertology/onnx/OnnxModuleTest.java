package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.util.Map;
import java.util.ServiceLoader;
import org.bertology.api.backend.BackendFactory;
import org.junit.jupiter.api.Test;

final class OnnxModuleTest {
  @Test
  void theModuleOffersTheFactoryUnderItsName() {
    Map<String, BackendFactory> factories =
        Guice.createInjector(new OnnxModule())
            .getInstance(Key.get(new TypeLiteral<Map<String, BackendFactory>>() {}));

    assertThat(factories).containsOnlyKeys("onnx");
    assertThat(factories.get("onnx")).isInstanceOf(OnnxBackendFactory.class);
  }

  @Test
  void theFactoryIsFoundWithoutGuice() {
    assertThat(ServiceLoader.load(BackendFactory.class))
        .hasAtLeastOneElementOfType(OnnxBackendFactory.class);
  }
}
