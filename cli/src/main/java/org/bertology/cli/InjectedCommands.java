package org.bertology.cli;

import com.google.inject.Injector;
import picocli.CommandLine;

/** Commands with their dependencies; option groups, converters and the like without. */
final class InjectedCommands implements CommandLine.IFactory {
  private final Injector injector;

  InjectedCommands(Injector injector) {
    this.injector = injector;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    boolean injected = type.isAnnotationPresent(CommandLine.Command.class);
    return injected ? injector.getInstance(type) : CommandLine.defaultFactory().create(type);
  }
}
