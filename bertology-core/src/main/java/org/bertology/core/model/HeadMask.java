package org.bertology.core.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Npy;

/** One factor per head: 1 keeps it, 0 takes it away, anything else scales it. Immutable. */
public final class HeadMask {
  private static final Pattern LAYER = Pattern.compile("(\\d+):(\\d+(?:,\\d+)*)");

  private final float[][] layers;

  private HeadMask(float[][] layers) {
    this.layers = layers;
  }

  /** Every head as it is. */
  public static HeadMask ones(TransformerConfig config) {
    float[][] layers = new float[config.layers().size()][];
    for (int layer = 0; layer < layers.length; layer++) {
      layers[layer] = new float[config.layers().get(layer).heads()];
      Arrays.fill(layers[layer], 1);
    }
    return new HeadMask(layers);
  }

  /**
   * The mask that a user wrote: a {@code .npy} file {@code [layers, heads]}, or the heads to take
   * away as {@code layer:head,head layer:head}, both counted from 1 as in the code of Michel et al.
   *
   * @throws IllegalArgumentException if the file is missing, or the text does not name heads of
   *     this model
   * @throws ContentException if the file's content does not fit
   */
  public static HeadMask parse(String text, TransformerConfig config) {
    return text.endsWith(".npy") ? read(Path.of(text), config) : describe(text, config);
  }

  private static HeadMask read(Path file, TransformerConfig config) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "head mask '%s' does not exist; expected a .npy file, or heads such as 1:2,3"
              .formatted(file));
    }
    Tensor tensor = Npy.read(file);
    long[] expected = {config.layers().size(), config.maxHeads()};
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw new ContentException(
          "head mask '%s' has shape %s, the model needs %s"
              .formatted(file, Arrays.toString(tensor.shape()), Arrays.toString(expected)));
    }
    float[] values = tensor.toFloats();
    HeadMask mask = ones(config);
    for (int layer = 0; layer < mask.layers.length; layer++) {
      for (int head = 0; head < mask.layers[layer].length; head++) {
        float value = values[layer * config.maxHeads() + head];
        if (!Float.isFinite(value)) {
          throw new ContentException(
              "head mask '%s' holds %s at layer %d, head %d; expected finite numbers"
                  .formatted(file, value, layer + 1, head + 1));
        }
        mask.layers[layer][head] = value;
      }
    }
    return mask;
  }

  private static HeadMask describe(String text, TransformerConfig config) {
    HeadMask mask = ones(config);
    for (String part : text.trim().split("\\s+")) {
      Matcher matcher = LAYER.matcher(part);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "head mask '%s': '%s' is not of the form layer:head,head (counted from 1)"
                .formatted(text, part));
      }
      int layer = mask.check(text, "layer", matcher.group(1), mask.layers.length);
      for (String head : matcher.group(2).split(",")) {
        mask.layers[layer][mask.check(text, "head", head, mask.layers[layer].length)] = 0;
      }
    }
    return mask;
  }

  private int check(String text, String what, String number, int count) {
    int value = number.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(number);
    if (value < 1 || value > count) {
      throw new IllegalArgumentException(
          "head mask '%s': %s %s is not between 1 and %d".formatted(text, what, number, count));
    }
    return value - 1;
  }

  /** The factor of a head; layer and head counted from 0. */
  public float get(int layer, int head) {
    return layers[layer][head];
  }

  /** The factors of all heads, layer after layer; a copy. */
  public double[][] factors() {
    double[][] factors = new double[layers.length][];
    for (int layer = 0; layer < layers.length; layer++) {
      factors[layer] = new double[layers[layer].length];
      for (int head = 0; head < layers[layer].length; head++) {
        factors[layer][head] = layers[layer][head];
      }
    }
    return factors;
  }

  /** The geometry that is left when the heads at 0 are cut. */
  public TransformerConfig cut(TransformerConfig config) {
    List<LayerGeometry> left = new ArrayList<>();
    for (int layer = 0; layer < layers.length; layer++) {
      LayerGeometry whole = config.layers().get(layer);
      int heads = whole.heads() - masked(layer);
      left.add(new LayerGeometry(heads, whole.headSize(), whole.intermediateSize()));
    }
    return config.withLayers(left);
  }

  private int masked(int layer) {
    int masked = 0;
    for (float head : layers[layer]) {
      masked += head == 0 ? 1 : 0;
    }
    return masked;
  }

  /** How many heads are at 0. */
  public int masked() {
    return IntStream.range(0, layers.length).map(this::masked).sum();
  }

  /** Adds this mask, the same for every example, to a batch's inputs. */
  public ModelInputs addTo(ModelInputs inputs) {
    for (int layer = 0; layer < layers.length; layer++) {
      if (layers[layer].length > 0) {
        inputs.mask(Mask.HEADS, layer, layers[layer]);
      }
    }
    return inputs;
  }
}
