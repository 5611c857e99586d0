package org.bertology.cli;

/** The program as a process, on the reference backend. */
final class ReferenceMain {
  private ReferenceMain() {}

  public static void main(String[] arguments) {
    System.exit(Main.runAsProcess(arguments, new ReferenceModule()));
  }
}
