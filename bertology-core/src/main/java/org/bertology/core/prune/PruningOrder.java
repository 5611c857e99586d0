package org.bertology.core.prune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * The order in which units of one kind go: the lowest score of all layers first, equal scores in
 * the order of layers and units, as sorting the flattened matrix stably gives. Units that are
 * masked already or that the rules protect are not in it. The same head or neuron of layers that
 * share their parameters goes from all of them at once, by the sum of its scores.
 *
 * @param blocks what goes together: single units, or as many as the rules ask for
 */
record PruningOrder(List<List<Unit>> blocks) {
  PruningOrder {
    blocks = blocks.stream().map(List::copyOf).toList();
  }

  /**
   * The order by scores.
   *
   * @param scores one for each unit; those that are not a number go last
   * @param mask what is gone already
   * @throws IllegalArgumentException if the scores are not of this model's units
   */
  static PruningOrder of(LayerScores scores, Mask kind, ModelMask mask, SelectionRules rules) {
    requireFit(scores, kind, mask);
    List<Block> blocks = new ArrayList<>();
    for (List<Integer> layers : together(kind, mask)) {
      blocks.addAll(blocks(ascending(scores, kind, mask, layers), rules));
    }
    blocks.sort(Comparator.comparingDouble(Block::score));
    return new PruningOrder(blocks.stream().map(Block::units).toList());
  }

  private static void requireFit(LayerScores scores, Mask kind, ModelMask mask) {
    for (int layer = 0; layer < mask.config().layers().size(); layer++) {
      int width = kind.width(mask.config().layers().get(layer));
      if (scores.layers() <= layer || scores.width(layer) != width) {
        throw new IllegalArgumentException(
            "scores do not fit the model: layer %d has %d units".formatted(layer + 1, width));
      }
    }
  }

  /** The layers that lose the same units; a layer as a whole goes by itself. */
  private static List<List<Integer>> together(Mask kind, ModelMask mask) {
    return kind == Mask.LAYERS
        ? IntStream.range(0, mask.config().layers().size()).mapToObj(List::of).toList()
        : mask.config().sharing();
  }

  /** The same unit of one layer or more. */
  private record Scored(List<Unit> units, double score) {}

  private record Block(List<Unit> units, double score) {
    static Block of(List<Scored> members) {
      double mean = members.stream().mapToDouble(Scored::score).average().orElseThrow();
      return new Block(members.stream().flatMap(each -> each.units().stream()).toList(), mean);
    }
  }

  private static List<Scored> ascending(
      LayerScores scores, Mask kind, ModelMask mask, List<Integer> layers) {
    List<Scored> all = new ArrayList<>();
    for (int i = 0; i < scores.width(layers.get(0)); i++) {
      int index = i;
      List<Unit> units =
          layers.stream()
              .map(layer -> new Unit(kind, layer, index))
              .filter(unit -> mask.get(unit) != 0)
              .toList();
      if (!units.isEmpty()) {
        // Starting at zero makes -0 equal to 0, as it is for those who sort with <.
        double score = 0;
        for (Unit unit : units) {
          score += scores.get(unit.layer(), unit.index());
        }
        all.add(new Scored(units, score));
      }
    }
    all.sort(Comparator.comparingDouble(Scored::score));
    return all;
  }

  /**
   * Cuts a layer into blocks from its lowest score up; the first one makes the rest come out even.
   */
  private static List<Block> blocks(List<Scored> ascending, SelectionRules rules) {
    List<Block> blocks = new ArrayList<>();
    int size = rules.multipleOf();
    int end = ascending.size() % size == 0 ? size : ascending.size() % size;
    for (int start = 0; end <= ascending.size() - rules.keepPerLayer(); end += size) {
      blocks.add(Block.of(ascending.subList(start, end)));
      start = end;
    }
    return blocks;
  }

  /** Units that may go, of all blocks. */
  int size() {
    return blocks.stream().mapToInt(List::size).sum();
  }

  /** The units of the first blocks. */
  List<Unit> ofBlocks(int count) {
    return blocks.subList(0, count).stream().flatMap(List::stream).toList();
  }

  /** The units of as many of the first blocks as have no more units than this together. */
  List<Unit> first(int units) {
    int count = 0;
    int sum = 0;
    while (count < blocks.size() && sum + blocks.get(count).size() <= units) {
      sum += blocks.get(count).size();
      count++;
    }
    return ofBlocks(count);
  }

  /** The same, but at least one block if there is one. */
  List<Unit> next(int units) {
    return blocks.isEmpty() ? List.of() : first(Math.max(units, blocks.get(0).size()));
  }
}
