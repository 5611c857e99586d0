package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bertology.api.contract.TinyModels;
import org.junit.jupiter.api.Test;

class AlbertTest {
  private static List<Integer> sets(Family family, int layers) {
    return IntStream.range(0, layers).mapToObj(family::parameterSet).toList();
  }

  @Test
  void groupsAreNeighboursOfAboutEqualNumber() {
    assertThat(sets(new Albert(8, 5, 1), 5)).containsExactly(0, 0, 0, 0, 0);
    assertThat(sets(new Albert(8, 5, 2), 5)).containsExactly(0, 0, 0, 1, 1);
    assertThat(sets(new Albert(8, 5, 5), 5)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void moreGroupsThanLayersAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Albert(8, 3, 4))
        .withMessage("3 layers share 1 to 3 sets of parameters, got 4");
  }

  @Test
  void layersKeepTheParametersThatTheyShare() {
    assertThat(new Albert(8, 4, 1).keeping(List.of(0, 3))).isEqualTo(new Albert(8, 2, 1));
    assertThat(new Albert(8, 4, 4).keeping(List.of(0, 3))).isEqualTo(new Albert(8, 2, 2));
    assertThat(new Albert(8, 4, 2).keeping(List.of(1, 2))).isEqualTo(new Albert(8, 2, 2));
    assertThat(new Albert(8, 4, 2).keeping(List.of(2, 3))).isEqualTo(new Albert(8, 2, 1));
  }

  @Test
  void layersThatWouldShareUnevenlyAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Albert(8, 4, 2).keeping(List.of(0, 2, 3)))
        .withMessage(
            "the 3 layers that are left would share 2 sets of parameters unevenly, which ALBERT cannot; take others away, or give each layer its own parameters with --unshare");
  }

  @Test
  void sharedParametersAreOneAndHaveManyPlaces() {
    LayerGeometry layer = new LayerGeometry(2, 4, 5);
    TransformerConfig shared =
        new TransformerConfig(
            new Albert(3, 3, 1),
            TinyModels.VOCABULARY,
            8,
            Collections.nCopies(3, layer),
            TinyModels.POSITIONS,
            2,
            1e-12,
            Activation.GELU_TANH,
            2);
    String query = "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query.weight";

    ModelParameter one = parameter(shared, query);
    ModelParameter own = parameter(shared.unshared(), query);

    assertThat(shared.sharing()).containsExactly(List.of(0, 1, 2));
    assertThat(shared.unshared().sharing()).containsExactly(List.of(0), List.of(1), List.of(2));
    assertThat(one.places()).extracting(place -> place.layer().orElseThrow()).contains(0, 1, 2);
    assertThat(own.isShared()).isFalse();
  }

  private static ModelParameter parameter(TransformerConfig config, String name) {
    ModelParameter parameter =
        ModelDefinition.of(config, Task.ENCODER, Set.of()).parameters().get(name);
    assertThat(parameter).isNotNull();
    return parameter;
  }
}
