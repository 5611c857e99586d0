package org.bertology.api.autodiff;

import java.util.Collection;
import java.util.List;

/**
 * Gradients that an engine is asked to compute by its own means.
 *
 * @param loss the name of the value whose entries are summed and differentiated
 * @param withRespectTo hooks, inputs or parameters, by name
 */
public record Differentiation(String loss, List<String> withRespectTo) {
  public Differentiation {
    withRespectTo = List.copyOf(withRespectTo);
  }

  /** The same for any collection of names. */
  public static Differentiation of(String loss, Collection<String> withRespectTo) {
    return new Differentiation(loss, List.copyOf(withRespectTo));
  }

  /** The names of the gradients, in the order of what they belong to. */
  public List<String> gradients() {
    return withRespectTo.stream().map(Gradients::nameOf).toList();
  }
}
