package org.bertology.cli;

import com.google.gson.JsonObject;
import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.journal.StepLog;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.CriteriaFiles;
import org.bertology.core.result.CriteriaJson;
import org.bertology.core.result.CriteriaReport;
import org.bertology.core.result.Provenance;
import org.bertology.core.result.ResumableOutput;
import org.bertology.core.result.RunRecord;
import org.bertology.core.result.Summary;
import org.bertology.core.scoring.Agreement;
import org.bertology.core.scoring.Scorers;
import org.bertology.core.scoring.Scoring;
import org.bertology.core.task.TaskData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores by several criteria, writes the files and prints what came out. */
final class CriteriaJob {
  private static final Logger LOG = LoggerFactory.getLogger(CriteriaJob.class);

  private static final String NAME = "criteria";

  private final Console console;
  private final Invocation invocation;

  @Inject
  CriteriaJob(Console console, Invocation invocation) {
    this.console = console;
    this.invocation = invocation;
  }

  /** Refuses an output directory that cannot be used, before the work is done. */
  static ResumableOutput output(Path directory, CriteriaRequest request, Existing existing) {
    List<String> files = CriteriaFiles.names(request.options().target(), request.keys());
    return ResumableOutput.at(directory, NAME, files, existing);
  }

  /** Goes on with what an earlier process left in the output directory. */
  void run(
      Model model,
      TaskData data,
      Optional<ModelMask> mask,
      CriteriaRequest request,
      Optional<ResumableOutput> output) {
    Provenance provenance = Provenance.of(model, data);
    ModelMask at = mask.orElseGet(() -> ModelMask.ones(model.config()));
    try {
      StepLog log =
          output
              .map(there -> there.start(computation(data, at, request, provenance)))
              .map(StepLog::of)
              .orElseGet(StepLog::inMemory);
      Predictions predictions = Evaluation.of(model, data.encoded(), at, request.options().run());
      Summary summary = Summary.of(data, predictions, mask);
      CriteriaReport report = report(model, data, at, request, log, summary);
      RunRecord run = invocation.record();
      List<Path> files =
          output.map(there -> write(there, report, provenance, run)).orElse(List.of());
      if (request.json()) {
        console.out().print(CriteriaJson.of(report, names(files), provenance, run));
      } else {
        SummaryView summaryView = new SummaryView(console, model, data);
        new CriteriaView(console, report, provenance.layers(), summaryView)
            .print(predictions, files);
      }
    } catch (CancellationException e) {
      throw output
          .filter(ResumableOutput::canGoOn)
          .<CancellationException>map(there -> new ResumableException(there.directory().path(), e))
          .orElse(e);
    } finally {
      output.ifPresent(ResumableOutput::close);
    }
  }

  private static JsonObject computation(
      TaskData data, ModelMask mask, CriteriaRequest request, Provenance provenance) {
    return CriteriaJson.computation(
        request.keys(), request.options(), metric(data), mask, provenance);
  }

  private static Metric metric(TaskData data) {
    return data.metrics().get(0);
  }

  private static CriteriaReport report(
      Model model,
      TaskData data,
      ModelMask mask,
      CriteriaRequest request,
      StepLog log,
      Summary summary) {
    Scorers scorers = new Scorers(model, data.encoded(), metric(data), request.options(), log);
    List<Scoring> scorings =
        request.keys().stream().map(key -> scoring(scorers, key, mask)).toList();
    Agreement agreement = Agreement.of(scorings, mask, request.top());
    return new CriteriaReport(scorings, agreement, request.options(), metric(data), mask, summary);
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(file -> String.valueOf(file.getFileName())).toList();
  }

  private static Scoring scoring(Scorers scorers, String key, ModelMask mask) {
    LOG.info("scoring {} by {}", scorers.options().target().key(), key);
    return scorers.scoring(key, mask);
  }

  private static List<Path> write(
      ResumableOutput output, CriteriaReport report, Provenance provenance, RunRecord run) {
    CriteriaFiles.addTo(output.directory(), report, provenance, run);
    return output.finish();
  }
}
