package org.bertology.integration;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.ModelConfig;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;

/** Model directories of any family and size with random weights; one tensor is made at a time. */
final class RandomModel {
  /** As the families of BERT are initialised: small enough for finite values in deep models. */
  private static final double DEVIATION = 0.02;

  private RandomModel() {}

  /**
   * Writes a model.
   *
   * @param config the text of its {@code config.json}
   */
  static void write(String config, Path directory) {
    JsonFields json = new JsonFields("config.json", StrictJson.element(config).getAsJsonObject());
    ModelConfig read = ModelConfig.of(json);
    Checkpoint empty =
        new Checkpoint(
            directory.resolveSibling("nowhere"),
            read,
            json,
            new RandomWeights(Map.of()),
            List.of());
    Map<String, ModelParameter> parameters =
        ModelDefinition.of(read.transformer(), empty.task(), Set.of()).parameters();
    Checkpoint model = empty.with(read, new RandomWeights(parameters));
    try (StagedModel staged =
        StagedModel.write(model, Optional.empty(), directory, Existing.REFUSE)) {
      staged.publish();
    }
  }

  private record RandomWeights(Map<String, ModelParameter> parameters) implements StoredWeights {
    RandomWeights {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    @Override
    public Set<String> names() {
      return parameters.keySet();
    }

    @Override
    public long[] shape(String name) {
      return parameters.get(name).shape().bind(Map.of());
    }

    @Override
    public StoredType storedType(String name) {
      return StoredType.F32;
    }

    @Override
    public Tensor get(String name) {
      return tensor(name);
    }

    /** Normally distributed, but vectors that scale are ones. */
    @Override
    public Tensor tensor(String name) {
      long[] shape = shape(name);
      float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
      Random random = new Random(name.hashCode());
      boolean scale = shape.length == 1 && name.endsWith("weight");
      for (int i = 0; i < values.length; i++) {
        values[i] = scale ? 1 : (float) (DEVIATION * random.nextGaussian());
      }
      return Tensor.of(values, shape);
    }
  }
}
