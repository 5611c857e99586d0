package org.bertology.core.prune;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.model.Mask;
import org.bertology.core.evaluate.EvaluationPass;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Bootstrap;
import org.bertology.core.statistics.Interval;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;
import org.bertology.core.task.TaskData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evaluates masks on a labelled data set. The owner closes it, before the model. */
public final class DataEvaluator implements MaskEvaluator, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataEvaluator.class);

  private final TaskData data;
  private final Measure measure;
  private final Optional<Bootstrap> bootstrap;
  private final EvaluationPass pass;

  private DataEvaluator(
      TaskData data, Measure measure, Optional<Bootstrap> bootstrap, EvaluationPass pass) {
    this.data = data;
    this.measure = measure;
    this.bootstrap = bootstrap;
    this.pass = pass;
  }

  /**
   * An evaluator.
   *
   * @param kinds of the masks to come
   * @param metric that has an interval
   * @param bootstrap of the interval, if it is wanted
   */
  public static DataEvaluator open(
      Model model,
      TaskData data,
      Set<Mask> kinds,
      Metric metric,
      Optional<Bootstrap> bootstrap,
      RunSettings settings) {
    EvaluationPass pass = EvaluationPass.open(model, kinds, settings);
    return new DataEvaluator(data, Measure.of(metric), bootstrap, pass);
  }

  /**
   * The metric of a name, or the main one of data.
   *
   * @throws IllegalArgumentException if the data has no metric of this name
   */
  public static Metric metric(TaskData data, Optional<String> name) {
    List<Metric> metrics = data.metrics();
    if (name.isEmpty()) {
      return metrics.get(0);
    }
    return metrics.stream()
        .filter(metric -> metric.key().equals(name.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no metric of this data is named '%s'; it has %s"
                        .formatted(
                            name.get(),
                            String.join(", ", metrics.stream().map(Metric::key).toList()))));
  }

  @Override
  public Performance evaluate(ModelMask mask) {
    Predictions predictions = pass.run(data.encoded(), mask);
    if (predictions.notFinite() > 0) {
      LOG.warn(
          "the logits of {} of {} examples are not finite numbers, so metrics mean nothing; check the model's weights",
          predictions.notFinite(),
          predictions.size());
    }
    Optional<Interval> interval =
        bootstrap.map(resampling -> resampling.interval(measure, Outcomes.of(predictions)));
    return new Performance(data.metrics(predictions), predictions.meanLoss(), interval);
  }

  @Override
  public void close() {
    pass.close();
  }
}
