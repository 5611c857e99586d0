package org.bertology.cli;

import com.google.inject.AbstractModule;
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
    bind(Console.class).toInstance(console);
    bind(Invocation.class).toInstance(invocation);
    bind(RootCommand.class).asEagerSingleton();
  }
}
