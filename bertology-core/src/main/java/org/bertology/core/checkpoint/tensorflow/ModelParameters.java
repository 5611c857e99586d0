package org.bertology.core.checkpoint.tensorflow;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.checkpoint.WeightsView;
import org.bertology.core.checkpoint.WeightsView.Part;
import org.bertology.core.checkpoint.tensorflow.VariableNames.Parameter;

/**
 * The variables of a bundle as the parameters of a PyTorch model: under its names, and kernels
 * {@code [in, out]} as weights {@code [out, in]}. A variable that the table of names does not have
 * keeps its own.
 */
final class ModelParameters {
  private ModelParameters() {}

  /**
   * A view of a bundle.
   *
   * @throws ContentException if a kernel is no matrix, or two variables are the same parameter
   */
  static StoredWeights of(Path index, TensorBundle bundle, VariableNames names) {
    Map<String, Part> parts = new LinkedHashMap<>();
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
      Part part = parameter.transposed() ? Part.transposed(variable) : Part.whole(variable);
      Part other = parts.putIfAbsent(parameter.name(), part);
      if (other != null) {
        throw new ContentException(
            "'%s': the variables '%s' and '%s' are the same parameter"
                .formatted(index, other.source(), variable));
      }
    }
    return new WeightsView(bundle, parts);
  }

  private static boolean isMatrix(TensorBundle bundle, String variable) {
    return bundle.shape(variable).length == 2 && bundle.storedType(variable).host().isFloating();
  }
}
