package org.bertology.core.backend;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.multibindings.MapBinder;
import java.util.Map;
import org.bertology.api.backend.BackendFactory;

/**
 * Provides {@link Backends} of all factories that backends' own modules contribute to the {@code
 * MapBinder<String, BackendFactory>}.
 */
public final class BackendsModule extends AbstractModule {
  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, BackendFactory.class);
  }

  @Provides
  Backends backends(Map<String, BackendFactory> factories) {
    return new Backends(factories);
  }
}
