package org.bertology.cli;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.reference.ReferenceBackend;

/** The reference backend, and one that does not load. */
final class ReferenceModule extends AbstractModule {
  static final String NAME = "reference";
  static final String BROKEN = "broken";

  @Override
  protected void configure() {
    MapBinder<String, BackendFactory> backends =
        MapBinder.newMapBinder(binder(), String.class, BackendFactory.class);
    backends.addBinding(NAME).toInstance(new ReferenceFactory());
    backends.addBinding(BROKEN).toInstance(new BrokenFactory());
  }

  private static final class ReferenceFactory implements BackendFactory {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public Backend create(BackendConfig config) {
      if (!config.device().equals("cpu")) {
        throw new UnsupportedCapabilityException(
            "reference runs on cpu, not on %s".formatted(config.device()));
      }
      return new ReferenceBackend();
    }
  }

  private static final class BrokenFactory implements BackendFactory {
    @Override
    public String name() {
      return BROKEN;
    }

    @Override
    public Backend create(BackendConfig config) {
      throw new BackendException("its library needs another system");
    }
  }
}
