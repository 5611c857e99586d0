package com.example;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bertology.api.backend.Backend;
import org.bertology.core.data.Columns;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Normalization;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;

/**
 * Which attention heads of a classifier matter most, and what is lost without the least of them.
 */
final class HeadStudy {
  private static final int SHOWN = 5;

  private HeadStudy() {}

  /** The study of a model directory with labelled examples in its dev.tsv, as text. */
  static String of(Path directory, Backend engine) {
    try (Model model = Model.open(directory, engine)) {
      DataSelection dev = DataSelection.of(directory.resolve("dev.tsv"), Columns.usual());
      TaskData data = TaskData.readLabelled(model, dev);

      // One pass gives the scores of all heads, and the predictions of the model as it is.
      Importance importance = Importance.of(model, data.encoded(), ImportanceOptions.defaults());
      List<LayerScores.Unit> ranking =
          importance.scores(Criterion.GRADIENT, Normalization.LAYER).ranking();

      LayerScores.Unit least = ranking.get(ranking.size() - 1);
      Unit unit = Unit.head(least.layer(), least.index());
      ModelMask mask = ModelMask.ones(model.config()).without(List.of(unit));
      Predictions masked = Evaluation.of(model, data.encoded(), mask, RunSettings.defaults());

      StringBuilder text = new StringBuilder(engine.version() + "\n");
      ranking.subList(0, SHOWN).forEach(head -> text.append(line(head)));
      text.append(accuracy("accuracy", data, importance.predictions()));
      text.append(accuracy("without " + name(least), data, masked));
      return text.toString();
    }
  }

  private static String line(LayerScores.Unit head) {
    return String.format(Locale.ROOT, "%s: %.4f%n", name(head), head.score());
  }

  /** Layers and heads count from 0; people count from 1. */
  private static String name(LayerScores.Unit head) {
    return "layer %d, head %d".formatted(head.layer() + 1, head.index() + 1);
  }

  private static String accuracy(String title, TaskData data, Predictions predictions) {
    double accuracy = data.metrics(predictions).get(Metric.ACCURACY.key());
    return String.format(Locale.ROOT, "%s: %.4f%n", title, accuracy);
  }
}
