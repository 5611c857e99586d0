package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.util.Map;
import java.util.ServiceLoader;
import org.bertology.api.backend.BackendFactory;
import org.junit.jupiter.api.Test;

final class TensorFlowModuleTest {
  @Test
  void theModuleOffersTheFactoryUnderItsName() {
    Map<String, BackendFactory> factories =
        Guice.createInjector(new TensorFlowModule())
            .getInstance(Key.get(new TypeLiteral<Map<String, BackendFactory>>() {}));

    assertThat(factories).containsOnlyKeys("tensorflow");
    assertThat(factories.get("tensorflow")).isInstanceOf(TensorFlowBackendFactory.class);
  }

  @Test
  void theFactoryIsFoundWithoutGuice() {
    assertThat(ServiceLoader.load(BackendFactory.class))
        .hasAtLeastOneElementOfType(TensorFlowBackendFactory.class);
  }
}
