package org.bertology.core.evaluate;

import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Hooks;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.run.EncodedExample;

/** What one run of a graph gave for its rows, each of which is an example. */
public final class BatchAnswers {
  private final Readout readout;
  private final float[] values;
  private final int stride;
  private final Optional<double[]> losses;

  /**
   * The answers in results.
   *
   * @param rows of the run
   * @throws IllegalArgumentException if the readout's hook is not among the results
   */
  public BatchAnswers(Readout readout, int rows, Map<String, Tensor> results) {
    this.readout = readout;
    this.values = readout.hook().map(hook -> required(results, hook)).orElse(new float[0]);
    this.stride = values.length / rows;
    this.losses = Optional.ofNullable(results.get(Hooks.LOSS)).map(Tensor::toDoubles);
  }

  private static float[] required(Map<String, Tensor> results, String name) {
    Tensor tensor = results.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "'%s' is not among the results %s".formatted(name, results.keySet()));
    }
    return tensor.toFloats();
  }

  /** The numbers of a row, see {@link Readout#read}. */
  public float[] numbers(int row, EncodedExample example) {
    return readout.read(values, row * stride, example);
  }

  /** The loss of a row; NaN if it was not computed. */
  public double loss(int row) {
    return losses.map(all -> all[row]).orElse(Double.NaN);
  }
}
