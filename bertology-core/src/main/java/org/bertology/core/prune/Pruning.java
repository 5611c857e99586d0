package org.bertology.core.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.bertology.api.model.Mask;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.scoring.Scorer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what goes: ranks units, masks the lowest by a {@link Schedule}, evaluates each mask, and
 * compares with other orders. All it needs to know of a model are its geometry and those who score,
 * evaluate and price masks.
 */
public final class Pruning {
  private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

  private final ModelMask whole;
  private final PruningOptions options;
  private final Scorer scorer;
  private final Optional<Scorer> leaveOneOut;
  private final MaskEvaluator evaluator;
  private final Costs costs;
  private final Mask kind;
  private final int all;

  /**
   * A pruning that has not begun.
   *
   * @param scorer by whose scores units go, unless the schedule's mask is given
   * @param leaveOneOut by whose scores they go for comparison
   * @param evaluator by whose metric the schedule decides
   * @param costs by whose word a budget is met
   * @throws IllegalArgumentException if the leave-one-out order is asked for without a scorer, or
   *     the result would be a model without any of the units
   */
  public Pruning(
      TransformerConfig config,
      PruningOptions options,
      Scorer scorer,
      Optional<Scorer> leaveOneOut,
      MaskEvaluator evaluator,
      Costs costs) {
    this.whole = ModelMask.ones(config);
    this.options = options;
    this.scorer = scorer;
    this.leaveOneOut = leaveOneOut;
    this.evaluator = evaluator;
    this.costs = costs;
    this.kind = options.target().mask();
    this.all = whole.units(kind).size();
    if (options.baselines().leaveOneOut() && leaveOneOut.isEmpty()) {
      throw new IllegalArgumentException("the leave-one-out order needs its scorer");
    }
    check(config, options);
  }

  /**
   * Refuses options that cannot be met, before any work.
   *
   * @throws IllegalArgumentException if all units of the model would go, or an amount does not fit
   */
  public static void check(TransformerConfig config, PruningOptions options) {
    options.schedule().accept(new Check(ModelMask.ones(config), options));
  }

  /** Prunes. */
  public PruningResult run() {
    return options.schedule().accept(new Run());
  }

  /** What has gone counts for nothing in the norms of layers: its scores mean nothing. */
  private LayerScores scores(ModelMask mask) {
    LayerScores scores = scorer.scores(mask);
    double[][] left = new double[scores.layers()][];
    for (int layer = 0; layer < left.length; layer++) {
      left[layer] = scores.layer(layer);
    }
    mask.masked(kind).forEach(unit -> left[unit.layer()][unit.index()] = 0);
    return options.normalization().of(LayerScores.of(left));
  }

  private PruningOrder order(LayerScores scores, ModelMask mask) {
    return PruningOrder.of(scores, kind, mask, options.rules());
  }

  private CurvePoint start() {
    return new CurvePoint(whole, List.of(), evaluator.evaluate(whole));
  }

  private CurvePoint step(ModelMask before, List<Unit> removed) {
    ModelMask mask = before.without(removed);
    Performance performance = evaluator.evaluate(mask);
    LOG.info(
        "{} of {} {} masked: {} {}",
        mask.maskedCount(kind),
        all,
        options.target().key(),
        options.metric().key(),
        decisive(performance));
    return new CurvePoint(mask, removed, performance);
  }

  private boolean keeps(CurvePoint point, double bound) {
    // A metric that is not a number keeps nothing.
    double metric = decisive(point.performance());
    return options.metric().isHigherBetter() ? metric >= bound : metric <= bound;
  }

  private double decisive(Performance performance) {
    return performance.metric(options.metric().key());
  }

  private boolean leavesSome(ModelMask mask) {
    return mask.maskedCount(kind) < all;
  }

  /** At the same numbers of units as a curve, by one ranking. */
  private Curve baseline(String name, LayerScores scores, Curve like) {
    PruningOrder order = order(scores, whole);
    List<CurvePoint> points = new ArrayList<>(List.of(like.points().get(0)));
    for (CurvePoint point : like.points().subList(1, like.points().size())) {
      ModelMask before = points.get(points.size() - 1).mask();
      List<Unit> removed = new ArrayList<>(order.first(point.mask().maskedCount(kind)));
      removed.removeIf(unit -> before.get(unit) == 0);
      points.add(step(before, removed));
    }
    return new Curve(name, points);
  }

  private List<Curve> baselines(LayerScores scores, Curve like) {
    List<Curve> curves = new ArrayList<>();
    if (like.points().size() == 1) {
      return curves;
    }
    if (options.baselines().reverse()) {
      curves.add(baseline("reverse", negated(scores), like));
    }
    if (options.baselines().leaveOneOut()) {
      LayerScores losses = leaveOneOut.orElseThrow().scores(whole);
      curves.add(baseline("leave-one-out", losses, like));
    }
    for (int draw = 1; draw <= options.baselines().randomDraws(); draw++) {
      curves.add(baseline("random-" + draw, random(scores, draw), like));
    }
    return curves;
  }

  private static LayerScores negated(LayerScores scores) {
    double[][] layers = new double[scores.layers()][];
    for (int layer = 0; layer < layers.length; layer++) {
      layers[layer] = Arrays.stream(scores.layer(layer)).map(score -> -score).toArray();
    }
    return LayerScores.of(layers);
  }

  private LayerScores random(LayerScores shape, int draw) {
    SplittableRandom random = new SplittableRandom(options.seed() + draw);
    double[][] layers = new double[shape.layers()][];
    for (int layer = 0; layer < layers.length; layer++) {
      layers[layer] = random.doubles(shape.width(layer)).toArray();
    }
    return LayerScores.of(layers);
  }

  private final class Run implements Schedule.Visitor<PruningResult> {
    @Override
    public PruningResult visit(Schedule.Amounts schedule) {
      List<CurvePoint> points = new ArrayList<>(List.of(start()));
      OptionalDouble bound = bound(schedule.threshold(), points.get(0));
      LayerScores first = scores(whole);
      LayerScores scores = first;
      for (int count : schedule.counts(all, options.target().key())) {
        ModelMask mask = points.get(points.size() - 1).mask();
        if (schedule.reEstimate() && points.size() > 1) {
          scores = scores(mask);
        }
        List<Unit> removed = order(scores, mask).first(count - mask.maskedCount(kind));
        if (!removed.isEmpty()) {
          points.add(step(mask, removed));
        }
      }
      Curve curve = new Curve(scorer.key(), points);
      List<Curve> baselines = baselines(first, curve);
      return bound.isPresent()
          ? withinThreshold(curve, bound.getAsDouble(), baselines)
          : result(curve, points.size() - 1, Reason.LAST_AMOUNT, bound, baselines);
    }

    private OptionalDouble bound(Optional<Threshold> threshold, CurvePoint start) {
      double original = decisive(start.performance());
      return threshold
          .map(t -> OptionalDouble.of(t.bound(options.metric(), original)))
          .orElse(OptionalDouble.empty());
    }

    /** The last step before the first that fell below, since later ones may be there by chance. */
    private PruningResult withinThreshold(Curve curve, double bound, List<Curve> baselines) {
      int chosen = 0;
      List<CurvePoint> points = curve.points();
      while (chosen + 1 < points.size()
          && keeps(points.get(chosen + 1), bound)
          && leavesSome(points.get(chosen + 1).mask())) {
        chosen++;
      }
      Reason reason = chosen == 0 ? Reason.NOTHING_KEEPS_THRESHOLD : Reason.KEEPS_THRESHOLD;
      return result(curve, chosen, reason, OptionalDouble.of(bound), baselines);
    }

    private PruningResult result(
        Curve curve, int chosen, Reason reason, OptionalDouble bound, List<Curve> baselines) {
      return new PruningResult(curve, chosen, reason, bound, baselines, List.of());
    }

    @Override
    public PruningResult visit(Schedule.WhileAbove schedule) {
      List<CurvePoint> points = new ArrayList<>(List.of(start()));
      double bound = bound(Optional.of(schedule.threshold()), points.get(0)).orElseThrow();
      int step = schedule.step(all, options.target().key());
      LayerScores first = scores(whole);
      LayerScores scores = first;
      CurvePoint last = points.get(0);
      while (keeps(last, bound)) {
        if (points.size() > 1) {
          scores = scores(last.mask());
        }
        List<Unit> removed = next(order(scores, last.mask()), last.mask(), step);
        if (removed.isEmpty()) {
          break;
        }
        last = step(last.mask(), removed);
        points.add(last);
      }
      Curve curve = new Curve(scorer.key(), points);
      return withinThreshold(curve, bound, baselines(first, curve));
    }

    /** Leaves something of the model, since that is what is wanted of it. */
    private List<Unit> next(PruningOrder order, ModelMask mask, int step) {
      int left = all - mask.maskedCount(kind);
      List<Unit> removed = order.next(step);
      return removed.size() < left ? removed : order.first(left - 1);
    }

    @Override
    public PruningResult visit(Schedule.ToBudget schedule) {
      CurvePoint start = start();
      LayerScores scores = scores(whole);
      BudgetSearch search = new BudgetSearch(schedule.budget(), costs, whole, kind);
      List<Unit> removed = search.search(order(scores, whole));
      Curve curve = new Curve(scorer.key(), List.of(start, step(whole, removed)));
      return new PruningResult(
          curve,
          1,
          Reason.MEETS_BUDGET,
          OptionalDouble.of(search.bound()),
          baselines(scores, curve),
          search.measurements());
    }

    @Override
    public PruningResult visit(Schedule.Given schedule) {
      List<Unit> removed =
          Arrays.stream(Mask.values())
              .flatMap(each -> schedule.mask().masked(each).stream())
              .toList();
      Curve curve = new Curve("given", List.of(start(), step(whole, removed)));
      return result(curve, 1, Reason.GIVEN, OptionalDouble.empty(), List.of());
    }
  }

  /** Whether a schedule leaves something to cut. */
  private static final class Check implements Schedule.Visitor<Boolean> {
    private final ModelMask whole;
    private final PruningOptions options;
    private final int all;

    Check(ModelMask whole, PruningOptions options) {
      this.whole = whole;
      this.options = options;
      this.all = whole.units(options.target().mask()).size();
    }

    @Override
    public Boolean visit(Schedule.Amounts schedule) {
      List<Integer> counts = schedule.counts(all, options.target().key());
      boolean everything = counts.get(counts.size() - 1) >= all;
      if (everything && schedule.threshold().isEmpty() && options.rules().keepPerLayer() == 0) {
        throw new IllegalArgumentException(
            "the last amount takes all %d %s of the model and is what would be cut; end below that, keep some per layer, or give a threshold by which a step is chosen"
                .formatted(all, options.target().key()));
      }
      return true;
    }

    @Override
    public Boolean visit(Schedule.WhileAbove schedule) {
      return schedule.step(all, options.target().key()) > 0;
    }

    @Override
    public Boolean visit(Schedule.ToBudget schedule) {
      return true;
    }

    @Override
    public Boolean visit(Schedule.Given schedule) {
      Cut.require(whole.config(), schedule.mask());
      return true;
    }
  }
}
