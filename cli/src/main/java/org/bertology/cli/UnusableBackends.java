package org.bertology.cli;

import java.util.List;

/**
 * What is on the class path as a backend but cannot be used as one.
 *
 * @param sentences one about each
 */
record UnusableBackends(List<String> sentences) {
  UnusableBackends {
    sentences = List.copyOf(sentences);
  }
}
