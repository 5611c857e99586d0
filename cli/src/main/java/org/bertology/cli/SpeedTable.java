package org.bertology.cli;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.core.backend.Backends;
import org.bertology.core.benchmark.Contender;
import org.bertology.core.benchmark.ModelBenchmark;
import org.bertology.core.benchmark.ModelBenchmark.OnEngine;
import org.bertology.core.benchmark.ModelBenchmark.Size;
import org.bertology.core.benchmark.Workload;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prune.ModelCosts;

/** Measures Table 4 of Michel et al. (2019): a model as it is and without what a mask takes. */
final class SpeedTable {
  private static final List<Integer> BATCH_SIZES = List.of(1, 4, 16, 64);
  private static final int EXAMPLES = 64;

  private final Console console;
  private final RootCommand root;
  private final Backends backends;
  private final MainClass main;

  @Inject
  SpeedTable(Console console, RootCommand root, Backends backends, MainClass main) {
    this.console = console;
    this.root = root;
    this.backends = backends;
    this.main = main;
  }

  ModelBenchmark measure(Model model, ModelMask mask, EngineOptions engine, int repetitions) {
    try (TemporaryDirectory scratch = TemporaryDirectory.create("bertology-experiment")) {
      BenchmarkForms forms = BenchmarkForms.of(model, Optional.of(mask), Optional.empty(), scratch);
      Map<Contender, Size> sizes = forms.sizes();
      // The paper's table has no masked model: it is as fast as the whole one.
      sizes.remove(Contender.MASKED);
      Map<Contender, List<String>> arguments = arguments(forms, engine);
      StatusLine status = new StatusLine(console, root.verbosity());
      BenchmarkRuns runs =
          new BenchmarkRuns(
              backends,
              ChildCommand.of(main),
              arguments,
              workloads(model),
              repetitions,
              status::show,
              status::passOn);
      OnEngine measured = runs.on(engine.backend(), engine.run().allThreads());
      status.clear();
      return new ModelBenchmark(
          List.copyOf(arguments.keySet()), sizes, List.of(measured), repetitions);
    }
  }

  private static Map<Contender, List<String>> arguments(
      BenchmarkForms forms, EngineOptions engine) {
    Map<Contender, List<String>> all = new EnumMap<>(Contender.class);
    for (Contender contender : List.of(Contender.DENSE, Contender.CUT)) {
      List<String> words = new ArrayList<>(forms.arguments().getOrDefault(contender, List.of()));
      words.add("--device=" + engine.run().device());
      words.add("--threads=" + engine.run().allThreads());
      all.put(contender, words);
    }
    return all;
  }

  private static List<Workload> workloads(Model model) {
    OptionalInt length = OptionalInt.of(ModelCosts.usualLength(model.config()));
    return BATCH_SIZES.stream().map(size -> new Workload(size, length, EXAMPLES)).toList();
  }
}
