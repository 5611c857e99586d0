package org.bertology.api.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.junit.jupiter.api.Test;

final class HookLabelsTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 4));
  private final Value squared = x.square();
  private final Value hidden = squared.exp().named("hidden");
  private final Value result = hidden.tanh().named("result");
  private final Graph graph = builder.build();

  @Test
  void aValueHasItsOwnNameOrThatOfTheNearestHookComputedFromIt() {
    HookLabels labels = new HookLabels(graph, graph.nodes(List.of("result")));

    assertThat(labels.of(result)).isEqualTo("result");
    assertThat(labels.of(hidden)).isEqualTo("hidden");
    assertThat(labels.of(squared)).isEqualTo("hidden");
    assertThat(labels.of(x)).isEqualTo("hidden");
  }

  @Test
  void whatLeadsToNoHookIsOfTheGraphUntilItInheritsALabel() {
    HookLabels labels = new HookLabels(graph, graph.nodes(List.of("result")));
    Value later = x.neg().abs();

    assertThat(labels.of(later)).isEqualTo("graph");
    labels.inherit(later, "hidden");

    assertThat(labels.of(later)).isEqualTo("hidden");
    assertThat(labels.of(later.operand(0))).isEqualTo("hidden");
  }
}
