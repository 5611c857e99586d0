package org.bertology.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.api.model.LayerGeometry;
import org.bertology.core.model.CutSize;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.ModelFlops;
import org.bertology.core.model.ModelInfo;
import org.bertology.core.model.ParameterCounts;

/** A model's description as a person reads it. */
final class InfoView {
  private final Console console;
  private final String name;
  private final ModelInfo info;
  private final LayerTitles layers;

  InfoView(Console console, String name, ModelInfo info) {
    this.console = console;
    this.name = name;
    this.info = info;
    this.layers = LayerTitles.of(info.layers());
  }

  void print() {
    String task = info.task().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    line("model", "%s: %s, %s", name, info.family(), task);
    line("labels", "%s", String.join(", ", info.labels()));
    line(
        "geometry",
        "%s, %d heads, hidden width %d, %d positions, vocabulary of %,d",
        layers.count(),
        info.totalHeads(),
        info.hiddenSize(),
        info.positions(),
        info.vocabularySize());
    console.out().println();
    printLayers();
    console.out().println();
    printParameters();
    printFlops();
  }

  private void printLayers() {
    console
        .out()
        .println(
            layer("layer") + "  heads  head size  neurons  attention parameters  feed-forward");
    for (int layer = 0; layer < info.layers().size(); layer++) {
      LayerGeometry geometry = info.layers().get(layer);
      console
          .out()
          .println(
              format(
                  "%s  %5d  %9d  %7d  %,20d  %,12d",
                  layer(layers.of(layer)),
                  geometry.heads(),
                  geometry.headSize(),
                  geometry.intermediateSize(),
                  info.parameters().attention().get(layer),
                  info.parameters().feedforward().get(layer)));
    }
  }

  /** A cell of the column of layers. */
  private String layer(String text) {
    return format("%" + layers.width() + "s", text);
  }

  private void printParameters() {
    ParameterCounts counts = info.parameters();
    line(
        "parameters",
        "%,d, of them %,d of embeddings and %,d above the layers",
        counts.total(),
        counts.embeddings(),
        counts.head());
    String types =
        info.stored().elements().entrySet().stream()
            .map(entry -> format("%,d %s", entry.getValue(), entry.getKey()))
            .collect(Collectors.joining(", "));
    line("stored", "%,d bytes: %s", info.stored().bytes(), types);
  }

  private void printFlops() {
    ModelFlops flops = info.flops();
    line("FLOPs", "of matrix products, %d x %d tokens:", flops.batch(), flops.length());
    line("", "%,d forward, every layer for every token", flops.full());
    line("", "%,d forward, what the task reads", flops.narrowed());
    flops
        .headImportance()
        .ifPresent(count -> line("", "%,d forward and backward for head importance", count));
  }

  void printCut(CutSize cut) {
    console.out().println();
    line(
        "masked",
        "%s; without them",
        Stream.of(
                part(cut.heads(), info.totalHeads(), "heads"),
                part(cut.neurons(), info.totalNeurons(), "neurons"),
                part(cut.layers(), info.totalLayers(), "layers"))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(", ")));
    line("", "%,d parameters, %,d fewer", cut.parameters(), cut.fewerParameters());
    line("", "%,d FLOPs forward, %,d fewer", cut.flops(), cut.fewerFlops());
  }

  private static Optional<String> part(int masked, int all, String units) {
    return masked == 0
        ? Optional.empty()
        : Optional.of(format("%,d of %,d %s", masked, all, units));
  }

  private void line(String title, String format, Object... values) {
    console.out().println(format("%-10s  %s", title, format(format, values)).stripTrailing());
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
