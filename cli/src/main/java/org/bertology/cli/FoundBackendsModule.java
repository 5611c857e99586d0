package org.bertology.cli;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import java.util.ServiceLoader;
import org.bertology.api.backend.BackendFactory;

/** Contributes every backend on the class path; the command line knows none by its class. */
final class FoundBackendsModule extends AbstractModule {
  @Override
  protected void configure() {
    MapBinder<String, BackendFactory> backends =
        MapBinder.newMapBinder(binder(), String.class, BackendFactory.class);
    for (BackendFactory factory : ServiceLoader.load(BackendFactory.class)) {
      backends.addBinding(factory.name()).toInstance(factory);
    }
  }
}
