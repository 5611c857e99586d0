package org.bertology.onnx;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import org.bertology.api.backend.BackendFactory;

/** Offers the ONNX Runtime backend under its name to applications that use Guice. */
public final class OnnxModule extends AbstractModule {
  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, BackendFactory.class)
        .addBinding(OnnxBackendFactory.NAME)
        .to(OnnxBackendFactory.class);
  }
}
