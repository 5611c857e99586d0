package org.bertology.cli;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.OptionalBinder;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.reference.ReferenceBackend;
import org.slf4j.LoggerFactory;

/** Engines that compute alike, one that does not, and such as do not start. */
final class ComparedModule extends AbstractModule {
  static final String FIRST = "first";
  static final String SECOND = "second";
  static final String SHIFTED = "shifted";
  static final String BROKEN = "broken";
  static final String INCOMPATIBLE = "incompatible";
  static final String CRASHING = "crashing";
  static final String UNUSABLE = "a backend on the class path is not usable: for a test";

  private record Factory(String name, Supplier<Backend> engine) implements BackendFactory {
    @Override
    public Backend create(BackendConfig config) {
      return engine.get();
    }
  }

  @Override
  protected void configure() {
    MapBinder<String, BackendFactory> backends =
        MapBinder.newMapBinder(binder(), String.class, BackendFactory.class);
    List.of(
            new Factory(FIRST, ReferenceBackend::new),
            new Factory(SECOND, ComparedModule::talkative),
            new Factory(SHIFTED, ShiftedBackend::new),
            new Factory(BROKEN, ComparedModule::broken),
            new Factory(INCOMPATIBLE, ComparedModule::incompatible),
            new Factory(CRASHING, ComparedModule::crashing))
        .forEach(factory -> backends.addBinding(factory.name()).toInstance(factory));
    OptionalBinder.newOptionalBinder(binder(), MainClass.class)
        .setBinding()
        .toInstance(new MainClass(ComparedMain.class));
    OptionalBinder.newOptionalBinder(binder(), UnusableBackends.class)
        .setBinding()
        .toInstance(new UnusableBackends(List.of(UNUSABLE)));
  }

  private static Backend talkative() {
    System.out.println("engine: 1 device found");
    System.out.flush();
    LoggerFactory.getLogger(ComparedModule.class).warn("collects usage data");
    return new ReferenceBackend();
  }

  private static Backend broken() {
    throw new BackendException("broken did not load: its library needs another system");
  }

  private static Backend incompatible() {
    throw new NoClassDefFoundError("org/engine/Session");
  }

  /** Ends this process as the system ends one whose native code went wrong. */
  private static Backend crashing() {
    try {
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-KILL", self).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("still there");
  }
}
