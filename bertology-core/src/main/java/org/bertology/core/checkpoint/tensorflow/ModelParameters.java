package org.bertology.core.checkpoint.tensorflow;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.checkpoint.TransposedMatrix;
import org.bertology.core.checkpoint.tensorflow.VariableNames.Parameter;

/**
 * The variables of a bundle as the parameters of a PyTorch model: under its names, and kernels
 * {@code [in, out]} as weights {@code [out, in]}. A variable that the table of names does not have
 * keeps its own.
 */
final class ModelParameters implements StoredWeights {
  private final Path index;
  private final TensorBundle bundle;
  private final Map<String, Source> sources;

  private ModelParameters(Path index, TensorBundle bundle, Map<String, Source> sources) {
    this.index = index;
    this.bundle = bundle;
    this.sources = Collections.unmodifiableMap(sources);
  }

  /** A variable, and how it becomes a weight. */
  private record Source(String variable, boolean transposed, TransposedMatrix weight) {
    Source(Parameter parameter, String variable) {
      this(variable, parameter.transposed(), new TransposedMatrix());
    }
  }

  /**
   * A view of a bundle.
   *
   * @throws ContentException if a kernel is no matrix, or two variables are the same parameter
   */
  static ModelParameters of(Path index, TensorBundle bundle, VariableNames names) {
    Map<String, Source> sources = new LinkedHashMap<>();
    for (String variable : bundle.names()) {
      Parameter parameter =
          names.parameter(variable).orElseGet(() -> new Parameter(variable, false));
      if (parameter.transposed() && !isMatrix(bundle, variable)) {
        throw new ContentException(
            "'%s': variable '%s' is a kernel and so must be a floating-point matrix, got %s %s"
                .formatted(
                    index,
                    variable,
                    bundle.storedType(variable),
                    Arrays.toString(bundle.shape(variable))));
      }
      Source other = sources.putIfAbsent(parameter.name(), new Source(parameter, variable));
      if (other != null) {
        throw new ContentException(
            "'%s': the variables '%s' and '%s' are the same parameter"
                .formatted(index, other.variable(), variable));
      }
    }
    return new ModelParameters(index, bundle, sources);
  }

  private static boolean isMatrix(TensorBundle bundle, String variable) {
    return bundle.shape(variable).length == 2 && bundle.storedType(variable).host().isFloating();
  }

  @Override
  public Set<String> names() {
    return sources.keySet();
  }

  @Override
  public long[] shape(String name) {
    Source source = source(name);
    long[] shape = bundle.shape(source.variable());
    return source.transposed() ? new long[] {shape[1], shape[0]} : shape;
  }

  @Override
  public StoredType storedType(String name) {
    return bundle.storedType(source(name).variable());
  }

  @Override
  public Tensor get(String name) {
    return weight(source(name), bundle.get(source(name).variable()));
  }

  @Override
  public Tensor tensor(String name) {
    return weight(source(name), bundle.tensor(source(name).variable()));
  }

  private static Tensor weight(Source source, Tensor variable) {
    return source.transposed() ? source.weight().of(variable) : variable;
  }

  private Source source(String name) {
    Source source = sources.get(name);
    if (source == null) {
      throw new IllegalArgumentException("'%s' has no parameter '%s'".formatted(index, name));
    }
    return source;
  }
}
