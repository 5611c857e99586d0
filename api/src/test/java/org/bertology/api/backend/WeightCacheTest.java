package org.bertology.api.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

final class WeightCacheTest {
  private final List<String> uploads = new ArrayList<>();
  private final List<String> releases = new ArrayList<>();
  private final WeightCache<String> cache = new WeightCache<>(this::upload, releases::add);

  private String upload(Weights weights, String name) {
    uploads.add(name);
    return name + weights.get(name);
  }

  private static Weights weights() {
    return Weights.of(Map.of("a", Tensor.filled(1, 2), "b", Tensor.filled(2, 3)));
  }

  @Test
  void eachParameterOfAnInstanceIsUploadedOnce() {
    Weights first = weights();
    Weights second = weights();

    String made = cache.get(first, "a");

    assertThat(cache.get(first, "a")).isSameAs(made);
    assertThat(cache.get(second, "a")).isNotSameAs(made);
    assertThat(uploads).containsExactly("a", "a");
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void closingReleasesEachOnce() {
    Weights weights = weights();
    List<String> made = List.of(cache.get(weights, "a"), cache.get(weights, "b"));

    cache.close();
    cache.close();

    assertThat(releases).containsExactlyInAnyOrderElementsOf(made);
    assertThat(cache.size()).isZero();
  }
}
