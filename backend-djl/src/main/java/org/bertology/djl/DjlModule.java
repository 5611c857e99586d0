package org.bertology.djl;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import org.bertology.api.backend.BackendFactory;

/** Offers the DJL backend under its name to applications that use Guice. */
public final class DjlModule extends AbstractModule {
  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, BackendFactory.class)
        .addBinding(DjlBackendFactory.NAME)
        .to(DjlBackendFactory.class);
  }
}
