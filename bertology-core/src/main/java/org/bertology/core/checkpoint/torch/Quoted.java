package org.bertology.core.checkpoint.torch;

/** Text of a file that messages quote. */
final class Quoted {
  private static final int LENGTH = 100;

  private Quoted() {}

  /** At most a line of it, without control characters, which could disguise a message. */
  static String shortened(String text) {
    String line = text.length() <= LENGTH ? text : text.substring(0, LENGTH) + "…";
    return line.replaceAll("\\p{Cntrl}", "\ufffd");
  }
}
