package org.bertology.cli;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.OptionalBinder;
import java.util.List;
import org.bertology.core.backend.BackendsModule;

/** The root module of the command line, without the backends. */
final class CommandLineModule extends AbstractModule {
  private final Console console;
  private final Invocation invocation;

  CommandLineModule(Console console, Invocation invocation) {
    this.console = console;
    this.invocation = invocation;
  }

  @Override
  protected void configure() {
    install(new BackendsModule());
    OptionalBinder.newOptionalBinder(binder(), MainClass.class)
        .setDefault()
        .toInstance(new MainClass(Main.class));
    OptionalBinder.newOptionalBinder(binder(), UnusableBackends.class)
        .setDefault()
        .toInstance(new UnusableBackends(List.of()));
    bind(Console.class).toInstance(console);
    bind(Invocation.class).toInstance(invocation);
    bind(RootCommand.class).asEagerSingleton();
  }
}
