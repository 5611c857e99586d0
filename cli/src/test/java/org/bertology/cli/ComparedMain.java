package org.bertology.cli;

/** The program as a process, on the engines of {@link ComparedModule}. */
final class ComparedMain {
  private ComparedMain() {}

  public static void main(String[] arguments) {
    System.exit(Main.runAsProcess(arguments, new ComparedModule()));
  }
}
