package org.bertology.api.tensor;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Weights in front of others, which they hide where both have a name. */
final class LayeredWeights implements Weights {
  private final Weights front;
  private final Weights back;
  private final Set<String> names;

  LayeredWeights(Weights front, Weights back) {
    this.front = front;
    this.back = back;
    Set<String> all = new LinkedHashSet<>(back.names());
    all.addAll(front.names());
    this.names = Collections.unmodifiableSet(all);
  }

  @Override
  public Set<String> names() {
    return names;
  }

  @Override
  public long[] shape(String name) {
    return holding(name).shape(name);
  }

  @Override
  public Tensor get(String name) {
    return holding(name).get(name);
  }

  private Weights holding(String name) {
    return front.names().contains(name) ? front : back;
  }
}
