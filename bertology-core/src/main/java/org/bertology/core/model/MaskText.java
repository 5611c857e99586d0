package org.bertology.core.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bertology.api.model.Mask;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Npy;

/**
 * Masks as users write them: a {@code .npy} file {@code [layers, widest layer]}, or what to take
 * away, counted from 1. Heads and neurons are {@code layer:head,head layer:head} as in the code of
 * Michel et al.; layers are {@code 2,5}.
 */
public final class MaskText {
  private static final Pattern LAYER = Pattern.compile("(\\d+):(\\d+(?:,\\d+)*)");
  private static final Pattern NUMBERS = Pattern.compile("\\d+(?:,\\d+)*");

  private final Mask kind;
  private final String unit;
  private final String text;
  private final ModelMask ones;

  private MaskText(Mask kind, String text, TransformerConfig config) {
    this.kind = kind;
    this.unit = kind.name().toLowerCase(Locale.ROOT).replaceFirst("s$", "");
    this.text = text;
    this.ones = ModelMask.ones(config);
  }

  /**
   * The mask that a user wrote, all units of other kinds at 1.
   *
   * @throws IllegalArgumentException if the file is missing, or the text does not name units of
   *     this model
   * @throws ContentException if the file's content does not fit
   */
  public static ModelMask parse(Mask kind, String text, TransformerConfig config) {
    MaskText mask = new MaskText(kind, text, config);
    return text.endsWith(".npy") ? mask.read(Path.of(text)) : mask.describe();
  }

  /** What a mask takes away of a kind, as {@link #parse} reads it; empty if nothing. */
  public static String of(Mask kind, ModelMask mask) {
    Map<Integer, List<String>> byLayer = new TreeMap<>();
    for (Unit unit : mask.masked(kind)) {
      byLayer
          .computeIfAbsent(unit.layer(), layer -> new ArrayList<>())
          .add(String.valueOf(unit.index() + 1));
    }
    return kind == Mask.LAYERS
        ? byLayer.keySet().stream()
            .map(layer -> String.valueOf(layer + 1))
            .collect(Collectors.joining(","))
        : byLayer.entrySet().stream()
            .map(layer -> "%d:%s".formatted(layer.getKey() + 1, String.join(",", layer.getValue())))
            .collect(Collectors.joining(" "));
  }

  private ModelMask read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "%s mask '%s' does not exist; expected a .npy file, or %ss such as %s"
              .formatted(unit, file, unit, kind == Mask.LAYERS ? "2,5" : "1:2,3"));
    }
    Tensor tensor = Npy.read(file);
    long[] expected = ones.toTensor(kind).shape();
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw new ContentException(
          "%s mask '%s' has shape %s, the model needs %s"
              .formatted(unit, file, Arrays.toString(tensor.shape()), Arrays.toString(expected)));
    }
    float[] values = tensor.toFloats();
    float[][] layers = new float[(int) expected[0]][];
    for (int layer = 0; layer < layers.length; layer++) {
      int start = layer * (int) expected[1];
      int width = kind.width(ones.config().layers().get(layer));
      layers[layer] = Arrays.copyOfRange(values, start, start + width);
      requireFinite(file, layer, layers[layer]);
    }
    return ones.with(kind, layers);
  }

  private void requireFinite(Path file, int layer, float[] factors) {
    for (int i = 0; i < factors.length; i++) {
      if (!Float.isFinite(factors[i])) {
        throw new ContentException(
            "%s mask '%s' holds %s at layer %d, %s %d; expected finite numbers"
                .formatted(unit, file, factors[i], layer + 1, unit, i + 1));
      }
    }
  }

  private ModelMask describe() {
    List<Unit> units = new ArrayList<>();
    for (String part : text.trim().split("\\s+")) {
      units.addAll(kind == Mask.LAYERS ? layers(part) : ofLayer(part));
    }
    return ones.without(units);
  }

  private List<Unit> layers(String part) {
    if (!NUMBERS.matcher(part).matches()) {
      throw new IllegalArgumentException(
          "layer mask '%s': '%s' is not of the form layer,layer (counted from 1)"
              .formatted(text, part));
    }
    int count = ones.config().layers().size();
    return Arrays.stream(part.split(","))
        .map(number -> Unit.layer(check("layer", number, count)))
        .toList();
  }

  private List<Unit> ofLayer(String part) {
    Matcher matcher = LAYER.matcher(part);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "%s mask '%s': '%s' is not of the form layer:%s,%s (counted from 1)"
              .formatted(unit, text, part, unit, unit));
    }
    int layer = check("layer", matcher.group(1), ones.config().layers().size());
    int width = kind.width(ones.config().layers().get(layer));
    return Arrays.stream(matcher.group(2).split(","))
        .map(number -> new Unit(kind, layer, check(unit, number, width)))
        .toList();
  }

  private int check(String what, String number, int count) {
    int value = number.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(number);
    if (value < 1 || value > count) {
      throw new IllegalArgumentException(
          "%s mask '%s': %s %s is not between 1 and %d".formatted(unit, text, what, number, count));
    }
    return value - 1;
  }
}
