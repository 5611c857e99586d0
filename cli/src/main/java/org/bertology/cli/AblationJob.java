package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.bertology.core.ablation.Ablation;
import org.bertology.core.ablation.AblationPass;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.journal.Journal;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.AblationFiles;
import org.bertology.core.result.AblationJson;
import org.bertology.core.result.AblationReport;
import org.bertology.core.result.Provenance;
import org.bertology.core.result.ResumableOutput;
import org.bertology.core.task.TaskData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an ablation, writes its files and prints it. */
final class AblationJob {
  private static final Logger LOG = LoggerFactory.getLogger(AblationJob.class);
  private static final String NAME = "ablation";

  private final Console console;
  private final Invocation invocation;
  private final RootCommand root;

  @Inject
  AblationJob(Console console, Invocation invocation, RootCommand root) {
    this.console = console;
    this.invocation = invocation;
    this.root = root;
  }

  /** What is ablated on what. */
  record Subject(Model model, TaskData data, Optional<ModelMask> mask) {
    ModelMask base() {
      return mask.orElseGet(() -> ModelMask.ones(model.config()));
    }

    Provenance provenance() {
      return Provenance.of(model, data);
    }
  }

  /** Refuses an output directory that cannot be used, before the work is done. */
  static ResumableOutput output(Path directory, Existing existing) {
    return ResumableOutput.at(directory, NAME, AblationFiles.names(), existing);
  }

  void run(Subject subject, AblationRequest request) {
    try (AblationPass pass =
        AblationPass.open(subject.model(), subject.base(), request.options())) {
      AblationReport report = report(pass.run(subject.data().encoded()), subject, request);
      // Digests take a while for a large model, so they are made only where they are shown.
      if (request.json()) {
        printDocument(report, List.of(), subject.provenance());
      } else {
        printTables(report, subject, List.of());
      }
    }
  }

  /** The same with files, going on with what an earlier process left in the directory. */
  void run(Subject subject, AblationRequest request, ResumableOutput output) {
    Provenance provenance = subject.provenance();
    try (output;
        AblationPass pass = AblationPass.open(subject.model(), subject.base(), request.options())) {
      Journal journal =
          output.start(AblationJson.computation(request.options(), subject.base(), provenance));
      Ablation ablation = journalled(pass, subject, output, journal);
      AblationReport report = report(ablation, subject, request);
      AblationFiles.addTo(output.directory(), report, provenance, invocation.record());
      List<Path> files = output.finish();
      if (request.json()) {
        printDocument(report, AblationFiles.names(), provenance);
      } else {
        printTables(report, subject, files);
      }
    }
  }

  private static Ablation journalled(
      AblationPass pass, Subject subject, ResumableOutput output, Journal journal) {
    LOG.info("{} batches are in '{}' already", journal.earlier().size(), journal.file());
    try {
      return pass.run(subject.data().encoded(), journal);
    } catch (CancellationException e) {
      throw output.canGoOn() ? new ResumableException(output.directory().path(), e) : e;
    }
  }

  private static AblationReport report(
      Ablation ablation, Subject subject, AblationRequest request) {
    return AblationReport.of(ablation, subject.data(), subject.mask(), request.comparison());
  }

  private void printDocument(AblationReport report, List<String> files, Provenance provenance) {
    console.out().print(AblationJson.of(report, files, provenance, invocation.record()));
  }

  private void printTables(AblationReport report, Subject subject, List<Path> files) {
    new AblationView(console, root.verbosity(), report, subject.model(), subject.data())
        .print(files);
  }
}
