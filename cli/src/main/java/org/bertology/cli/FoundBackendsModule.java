package org.bertology.cli;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.OptionalBinder;
import org.bertology.api.backend.BackendFactory;
import org.bertology.core.backend.FoundBackends;

/** Contributes every backend on the class path; the command line knows none by its class. */
final class FoundBackendsModule extends AbstractModule {
  @Override
  protected void configure() {
    FoundBackends found = FoundBackends.onClassPath();
    MapBinder<String, BackendFactory> backends =
        MapBinder.newMapBinder(binder(), String.class, BackendFactory.class);
    found.factories().forEach((name, factory) -> backends.addBinding(name).toInstance(factory));
    OptionalBinder.newOptionalBinder(binder(), UnusableBackends.class)
        .setBinding()
        .toInstance(new UnusableBackends(found.failures()));
  }
}
