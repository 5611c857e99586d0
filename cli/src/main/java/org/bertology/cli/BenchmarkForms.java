package org.bertology.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Mask;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.benchmark.Contender;
import org.bertology.core.benchmark.ModelBenchmark.Size;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.StoredSize;
import org.bertology.core.prove.PrunedUnits;
import org.bertology.core.prune.Cut;

/** The forms of a model that take part in a benchmark, as directories and files for workers. */
final class BenchmarkForms {
  private static final Map<Mask, String> OPTIONS =
      Map.of(
          Mask.HEADS, "--head-mask",
          Mask.NEURONS, "--neuron-mask",
          Mask.LAYERS, "--layer-mask");

  private final Map<Contender, List<String>> arguments = new EnumMap<>(Contender.class);
  private final Map<Contender, Size> sizes = new EnumMap<>(Contender.class);

  private BenchmarkForms() {}

  /**
   * The model as it is; if a mask or a pruned directory is given, also masked and cut.
   *
   * @param pruned the cut model, which may also stand for the mask
   * @param scratch takes the masks, and the cut model if there is none yet
   */
  static BenchmarkForms of(
      Model model, Optional<ModelMask> mask, Optional<Path> pruned, TemporaryDirectory scratch) {
    BenchmarkForms forms = new BenchmarkForms();
    Path directory = model.checkpoint().source();
    forms.add(Contender.DENSE, directory);
    Optional<ModelMask> masked = mask.or(() -> pruned.map(cut -> between(model, cut)));
    masked.ifPresent(
        given -> {
          forms.add(Contender.MASKED, directory);
          forms.addMasks(given, scratch);
          forms.add(Contender.CUT, pruned.orElseGet(() -> cut(model, given, scratch)));
        });
    return forms;
  }

  private static ModelMask between(Model model, Path pruned) {
    Checkpoint seeing = Checkpoint.open(pruned).withAttention(model.config().attention());
    Checkpoint cut = model.config().pooling().map(seeing::withPooling).orElse(seeing);
    return PrunedUnits.between(model.checkpoint(), cut);
  }

  private static Path cut(Model model, ModelMask mask, TemporaryDirectory scratch) {
    Path target = scratch.path().resolve("cut");
    try (StagedModel staged =
        StagedModel.write(
            Cut.of(model.checkpoint(), mask), Optional.empty(), target, Existing.REFUSE)) {
      staged.publish();
    }
    return target;
  }

  private void add(Contender contender, Path directory) {
    arguments.put(contender, List.of("--model=" + directory));
    try (OpenModel open = OpenModel.open(Checkpoint.open(directory), new ReferenceBackend())) {
      Model model = open.model();
      sizes.put(
          contender,
          new Size(
              model.config().totalHeads(),
              model.parameterCount(),
              StoredSize.of(model.checkpoint()).bytes()));
    }
  }

  private void addMasks(ModelMask mask, TemporaryDirectory scratch) {
    List<String> words = new ArrayList<>(arguments.get(Contender.MASKED));
    for (Mask kind : mask.kinds()) {
      Path file = scratch.path().resolve(kind.name().toLowerCase(Locale.ROOT) + ".npy");
      Npy.write(file, mask.toTensor(kind), Existing.REFUSE);
      words.add("%s=%s".formatted(OPTIONS.get(kind), file));
    }
    arguments.put(Contender.MASKED, words);
  }

  List<Contender> contenders() {
    return List.copyOf(arguments.keySet());
  }

  Map<Contender, List<String>> arguments() {
    return new EnumMap<>(arguments);
  }

  Map<Contender, Size> sizes() {
    return new EnumMap<>(sizes);
  }
}
