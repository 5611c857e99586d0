package org.bertology.tensorflow;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import org.bertology.api.backend.BackendFactory;

/** Offers the TensorFlow backend under its name to applications that use Guice. */
public final class TensorFlowModule extends AbstractModule {
  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, BackendFactory.class)
        .addBinding(TensorFlowBackendFactory.NAME)
        .to(TensorFlowBackendFactory.class);
  }
}
