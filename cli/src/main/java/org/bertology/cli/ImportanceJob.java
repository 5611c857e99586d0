package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.ImportanceFiles;
import org.bertology.core.result.ImportanceJson;
import org.bertology.core.result.ImportanceReport;
import org.bertology.core.result.OutputDirectory;
import org.bertology.core.result.Provenance;
import org.bertology.core.result.RunRecord;
import org.bertology.core.result.Summary;
import org.bertology.core.task.TaskData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes importance, writes its files and prints it. */
final class ImportanceJob {
  private static final Logger LOG = LoggerFactory.getLogger(ImportanceJob.class);

  private final Console console;
  private final Invocation invocation;
  private final RootCommand root;

  @Inject
  ImportanceJob(Console console, Invocation invocation, RootCommand root) {
    this.console = console;
    this.invocation = invocation;
    this.root = root;
  }

  /** Refuses an output directory that cannot be used, before the work is done. */
  static Optional<OutputDirectory> output(ImportanceRequest request) {
    return request.output().map(path -> OutputDirectory.at(path, request.existing()));
  }

  /** Returns what was printed. */
  ImportanceReport run(
      Model model,
      TaskData data,
      Optional<ModelMask> mask,
      ImportanceOptions options,
      ImportanceRequest request,
      Optional<OutputDirectory> output) {
    LOG.info("scoring {} examples", data.encoded().size());
    Importance importance =
        Importance.of(
            model, data.encoded(), mask.orElseGet(() -> ModelMask.ones(model.config())), options);
    ImportanceReport report =
        ImportanceReport.of(
            importance,
            request.criterion(),
            request.normalization(),
            Summary.of(data, importance.predictions(), mask));
    if (output.isEmpty() && !request.json()) {
      view(report, model, data).print(List.of());
      return report;
    }
    // Digests take a while for a large model, so they are made only where they are shown.
    Provenance provenance = Provenance.of(model, data);
    RunRecord run = invocation.record();
    List<Path> files =
        output
            .map(directory -> write(directory, request, report, provenance, run))
            .orElse(List.of());
    if (request.json()) {
      List<String> names = files.stream().map(file -> file.getFileName().toString()).toList();
      console.out().print(ImportanceJson.of(report, names, provenance, run));
    } else {
      view(report, model, data).print(files);
    }
    return report;
  }

  private static List<Path> write(
      OutputDirectory directory,
      ImportanceRequest request,
      ImportanceReport report,
      Provenance provenance,
      RunRecord run) {
    ImportanceFiles.addTo(directory, report, request.perExample(), provenance, run);
    return directory.write();
  }

  private ImportanceView view(ImportanceReport report, Model model, TaskData data) {
    return new ImportanceView(console, root.verbosity(), report, model, data);
  }
}
