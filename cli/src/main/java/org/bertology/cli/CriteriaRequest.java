package org.bertology.cli;

import java.util.List;
import org.bertology.core.scoring.ScorerOptions;

/**
 * By what to score, and what to show and keep of it.
 *
 * @param keys of the criteria, each once
 * @param options of all of them
 * @param top how many of the first units are shown and compared
 * @param json whether to print the JSON document and not tables
 */
record CriteriaRequest(List<String> keys, ScorerOptions options, int top, boolean json) {
  CriteriaRequest {
    if (top < 1) {
      throw new IllegalArgumentException("--top must be at least 1, got " + top);
    }
    keys = keys.stream().distinct().toList();
  }
}
