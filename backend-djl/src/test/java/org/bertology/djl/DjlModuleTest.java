package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.util.Map;
import java.util.ServiceLoader;
import org.bertology.api.backend.BackendFactory;
import org.junit.jupiter.api.Test;

final class DjlModuleTest {
  @Test
  void theModuleOffersTheFactoryUnderItsName() {
    Map<String, BackendFactory> factories =
        Guice.createInjector(new DjlModule())
            .getInstance(Key.get(new TypeLiteral<Map<String, BackendFactory>>() {}));

    assertThat(factories).containsOnlyKeys("djl");
    assertThat(factories.get("djl")).isInstanceOf(DjlBackendFactory.class);
  }

  @Test
  void theFactoryIsFoundWithoutGuice() {
    assertThat(ServiceLoader.load(BackendFactory.class))
        .hasAtLeastOneElementOfType(DjlBackendFactory.class);
  }
}
