package org.bertology.core.model;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Stack;

/**
 * The layers of a model as people write them, counted from 1: {@code 3}, or in an encoder-decoder
 * model {@code decoder.3}.
 *
 * @param all of every layer
 * @param stacks how many layers each stack has, in the order of the layers
 */
public record LayerTitles(List<String> all, Map<Stack, Integer> stacks) {
  public LayerTitles {
    all = List.copyOf(all);
    stacks = stacks.isEmpty() ? Map.of() : new EnumMap<>(stacks);
  }

  /** The titles of the layers of a model. */
  public static LayerTitles of(List<LayerGeometry> layers) {
    List<String> all = new ArrayList<>();
    Map<Stack, Integer> stacks = new EnumMap<>(Stack.class);
    for (LayerGeometry layer : layers) {
      int number = stacks.merge(layer.stack(), 1, Integer::sum);
      all.add(layer.stack().prefix() + number);
    }
    return new LayerTitles(all, stacks);
  }

  /** The title of a layer, counted from 0 through all stacks. */
  public String of(int layer) {
    return all.get(layer);
  }

  /** Whether the model has more than one stack, so that numbers alone do not tell layers. */
  public boolean haveStacks() {
    return stacks.size() > 1;
  }

  /** The width of a column of titles under the word layer. */
  public int width() {
    return Math.max("layer".length(), all.stream().mapToInt(String::length).max().orElse(0));
  }

  /** Such as {@code 6 layers}, or {@code 6 encoder and 6 decoder layers}. */
  public String count() {
    return stacks.entrySet().stream()
        .filter(stack -> stack.getKey() != Stack.CROSS)
        .map(stack -> "%d %s".formatted(stack.getValue(), word(stack.getKey())).strip())
        .collect(Collectors.joining(" and ", "", " layers"));
  }

  private static String word(Stack stack) {
    return stack == Stack.SINGLE ? "" : stack.name().toLowerCase(Locale.ROOT);
  }
}
