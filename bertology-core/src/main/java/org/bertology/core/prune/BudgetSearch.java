package org.bertology.core.prune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bertology.api.model.Mask;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * Finds how many of the first units of an order have to go to meet a budget, by bisection: a model
 * is taken to cost less the more goes, which measured time obeys only roughly.
 */
final class BudgetSearch {
  private final Budget budget;
  private final Costs costs;
  private final ModelMask whole;
  private final Mask kind;
  private final List<CostMeasurement> measurements = new ArrayList<>();
  private double bound = Double.NaN;

  BudgetSearch(Budget budget, Costs costs, ModelMask whole, Mask kind) {
    this.budget = budget;
    this.costs = costs;
    this.whole = whole;
    this.kind = kind;
  }

  /**
   * The units that go.
   *
   * @throws IllegalArgumentException if the whole model meets the budget, or nothing that may go
   *     makes it do so
   */
  List<Unit> search(PruningOrder order) {
    double original = measure(List.of());
    bound = budget.bound(original);
    if (original <= bound) {
      throw new IllegalArgumentException(
          "the whole model already meets the budget: %s, at most %s"
              .formatted(amount(original), amount(bound)));
    }
    int most = blocksThatLeaveSome(order);
    double least = most == 0 ? original : measure(order.ofBlocks(most));
    if (least > bound) {
      throw new IllegalArgumentException(
          "the budget of %s is out of reach: the whole model has %s, and without %d %s it has %s; allow more, keep fewer per layer, or prune something else as well"
              .formatted(
                  amount(bound),
                  amount(original),
                  order.ofBlocks(most).size(),
                  kind.name().toLowerCase(Locale.ROOT),
                  amount(least)));
    }
    return order.ofBlocks(bisect(order, 1, most));
  }

  private int bisect(PruningOrder order, int least, int most) {
    int low = least;
    int high = most;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (measure(order.ofBlocks(middle)) <= bound) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  private int blocksThatLeaveSome(PruningOrder order) {
    boolean takesAll = order.size() == whole.units(kind).size();
    return takesAll ? order.blocks().size() - 1 : order.blocks().size();
  }

  private double measure(List<Unit> removed) {
    double cost = costs.of(budget.quantity(), whole.without(removed));
    measurements.add(new CostMeasurement(removed.size(), cost));
    return cost;
  }

  private String amount(double cost) {
    return budget.quantity() == Quantity.LATENCY
        ? String.format(Locale.ROOT, "%.3f ms", cost * 1e3)
        : String.format(Locale.ROOT, "%,.0f %s", cost, budget.quantity().key());
  }

  /** The most that the model may cost, once {@link #search} has found the original's cost. */
  double bound() {
    return bound;
  }

  /** What was found, in the order of the search. */
  List<CostMeasurement> measurements() {
    return List.copyOf(measurements);
  }
}
