package org.bertology.core.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bertology.api.model.Mask;
import org.bertology.api.model.Stack;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Npy;

/**
 * Masks as users write them: a {@code .npy} file {@code [layers, widest layer]}, or what to take
 * away, counted from 1. Heads and neurons are {@code layer:head,head layer:head} as in the code of
 * Michel et al.; layers are {@code 2,5}. In a model of several stacks a layer is named with its
 * own: {@code encoder.2:1,3 cross.1:4}.
 */
public final class MaskText {
  private static final String TITLE = "((?:[a-z]+\\.)?)(\\d+)";
  private static final Pattern UNITS = Pattern.compile(TITLE + ":(\\d+(?:,\\d+)*)");
  private static final Pattern LAYER = Pattern.compile(TITLE);

  private final Mask kind;
  private final String unit;
  private final String text;
  private final ModelMask ones;
  private final LayerTitles titles;

  private MaskText(Mask kind, String text, TransformerConfig config) {
    this.kind = kind;
    this.unit = kind.name().toLowerCase(Locale.ROOT).replaceFirst("s$", "");
    this.text = text;
    this.ones = ModelMask.ones(config);
    this.titles = LayerTitles.of(config.layers());
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
    LayerTitles titles = LayerTitles.of(mask.config().layers());
    return kind == Mask.LAYERS
        ? byLayer.keySet().stream().map(titles::of).collect(Collectors.joining(","))
        : byLayer.entrySet().stream()
            .map(
                layer ->
                    "%s:%s"
                        .formatted(titles.of(layer.getKey()), String.join(",", layer.getValue())))
            .collect(Collectors.joining(" "));
  }

  private ModelMask read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "%s mask '%s' does not exist; expected a .npy file, or %ss such as %s"
              .formatted(unit, file, unit, example()));
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
            "%s mask '%s' holds %s at layer %s, %s %d; expected finite numbers"
                .formatted(unit, file, factors[i], titles.of(layer), unit, i + 1));
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

  private String example() {
    String first = titles.haveStacks() ? "encoder." : "";
    return kind == Mask.LAYERS ? first + "2," + first + "5" : first + "1:2,3";
  }

  private List<Unit> layers(String part) {
    return Arrays.stream(part.split(",", -1))
        .map(title -> Unit.layer(layer(part, LAYER.matcher(title))))
        .toList();
  }

  private List<Unit> ofLayer(String part) {
    Matcher matcher = UNITS.matcher(part);
    int layer = layer(part, matcher);
    int width = kind.width(ones.config().layers().get(layer));
    return Arrays.stream(matcher.group(3).split(","))
        .map(number -> new Unit(kind, layer, check(unit, "", number, width)))
        .toList();
  }

  /** The layer that the first two groups name. */
  private int layer(String part, Matcher matcher) {
    List<Stack> stacks = stacks();
    Optional<Stack> stack =
        matcher.matches()
            ? stacks.stream().filter(s -> s.prefix().equals(matcher.group(1))).findFirst()
            : Optional.empty();
    if (stack.isEmpty()) {
      throw new IllegalArgumentException(
          "%s mask '%s': '%s' is not of the form %s".formatted(unit, text, part, form(stacks)));
    }
    String prefix = stack.get().prefix();
    int count = ones.config().count(stack.get());
    return ones.config().first(stack.get()) + check("layer", prefix, matcher.group(2), count);
  }

  /** Those whose layers may have such units. */
  private List<Stack> stacks() {
    return titles.stacks().keySet().stream()
        .filter(stack -> kind == Mask.HEADS || stack != Stack.CROSS)
        .toList();
  }

  private String form(List<Stack> stacks) {
    if (!titles.haveStacks()) {
      String form = kind == Mask.LAYERS ? "layer,layer" : "layer:%s,%s".formatted(unit, unit);
      return form + " (counted from 1)";
    }
    String form =
        kind == Mask.LAYERS
            ? "encoder.layer,decoder.layer"
            : "encoder.layer:%s,%s".formatted(unit, unit);
    String names =
        stacks.stream()
            .map(stack -> stack.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return "%s (counted from 1; stacks: %s)".formatted(form, names);
  }

  private int check(String what, String prefix, String number, int count) {
    int value = number.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(number);
    if (value < 1 || value > count) {
      throw new IllegalArgumentException(
          "%s mask '%s': %s %s%s is not between 1 and %d"
              .formatted(unit, text, what, prefix, number, count));
    }
    return value - 1;
  }
}
