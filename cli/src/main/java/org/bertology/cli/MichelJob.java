package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.bertology.core.benchmark.ModelBenchmark;
import org.bertology.core.experiment.MichelData;
import org.bertology.core.experiment.MichelResult;
import org.bertology.core.experiment.MichelStudy;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.journal.Steps;
import org.bertology.core.model.Model;
import org.bertology.core.result.MichelFiles;
import org.bertology.core.result.MichelJson;
import org.bertology.core.result.MichelReport;
import org.bertology.core.result.Provenance;
import org.bertology.core.result.ResumableOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a study in the way of Michel et al. (2019), writes its files and prints it. */
final class MichelJob {
  private static final Logger LOG = LoggerFactory.getLogger(MichelJob.class);
  private static final String NAME = "michel";

  private final Console console;
  private final Invocation invocation;
  private final SpeedTable speed;

  @Inject
  MichelJob(Console console, Invocation invocation, SpeedTable speed) {
    this.console = console;
    this.invocation = invocation;
    this.speed = speed;
  }

  /** Refuses an output directory that cannot be used, before the work is done. */
  static ResumableOutput output(Path directory, Existing existing) {
    return ResumableOutput.at(directory, NAME, MichelFiles.names(), existing);
  }

  /** Returns the exit code. */
  int run(Model model, MichelData data, MichelRequest request, Optional<ResumableOutput> output) {
    Provenance provenance = Provenance.of(model, data.evaluation());
    Steps steps =
        output
            .<Steps>map(
                target -> target.start(MichelJson.computation(data, request.options(), provenance)))
            .orElseGet(Steps::forgotten);
    LOG.info("{} steps are there already", steps.earlier().size());
    MichelReport report = report(model, data, request, steps, output);
    List<Path> files = output.map(target -> written(target, report, provenance)).orElse(List.of());
    if (request.json()) {
      List<String> names = files.isEmpty() ? List.of() : MichelFiles.names();
      console.out().print(MichelJson.of(report, names, provenance, invocation.record()));
    } else {
      new MichelView(console, report, model).print(files);
    }
    // What could not be timed is told in the result, which has everything else.
    boolean complete = report.speed().map(ModelBenchmark::isComplete).orElse(true);
    return complete ? ExitCode.OK : ExitCode.UNSUPPORTED;
  }

  private MichelReport report(
      Model model,
      MichelData data,
      MichelRequest request,
      Steps steps,
      Optional<ResumableOutput> output) {
    try {
      MichelResult result = MichelStudy.run(model, data, request.options(), steps);
      return MichelReport.of(model, data, request.options(), result)
          .withSpeed(speed(model, request, result));
    } catch (CancellationException e) {
      throw output.filter(ResumableOutput::canGoOn).isPresent()
          ? new ResumableException(output.get().directory().path(), e)
          : e;
    }
  }

  private Optional<ModelBenchmark> speed(Model model, MichelRequest request, MichelResult result) {
    if (request.repetitions().isEmpty()) {
      return Optional.empty();
    }
    int repetitions = request.repetitions().getAsInt();
    return result
        .halfOfTheHeads()
        .map(mask -> speed.measure(model, mask, request.engine(), repetitions));
  }

  private List<Path> written(ResumableOutput output, MichelReport report, Provenance provenance) {
    MichelFiles.addTo(output.directory(), report, provenance, invocation.record());
    return output.finish();
  }
}
