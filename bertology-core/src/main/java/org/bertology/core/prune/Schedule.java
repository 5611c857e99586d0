package org.bertology.core.prune;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bertology.core.model.ModelMask;

/** How far to prune, and in which steps. */
public sealed interface Schedule {
  <R> R accept(Visitor<R> visitor);

  /** Whether the metric of steps decides which one is the result. */
  default boolean decidesByMetric() {
    return false;
  }

  /** One method for each kind of schedule. */
  interface Visitor<R> {
    R visit(Amounts schedule);

    R visit(WhileAbove schedule);

    R visit(ToBudget schedule);

    R visit(Given schedule);
  }

  /**
   * Steps up to given amounts, as Michel et al. (2019) prune: by one ranking of the whole model, or
   * by one made anew at the mask before each step.
   *
   * @param amounts of all units that have gone after each step
   * @param reEstimate whether units are scored anew before each step
   * @param threshold the last step that keeps it is the result; without one the last step is
   */
  record Amounts(List<Amount> amounts, boolean reEstimate, Optional<Threshold> threshold)
      implements Schedule {
    public Amounts {
      amounts = List.copyOf(amounts);
      if (amounts.isEmpty()) {
        throw new IllegalArgumentException("a schedule of amounts needs at least one");
      }
    }

    @Override
    public boolean decidesByMetric() {
      return threshold.isPresent();
    }

    /** The numbers of units, ascending; amounts of less than one unit are left out. */
    List<Integer> counts(int all, String units) {
      Set<Integer> counts = new TreeSet<>();
      for (Amount amount : amounts) {
        counts.add(amount.among(all, units));
      }
      counts.remove(0);
      if (counts.isEmpty()) {
        throw new IllegalArgumentException(
            "%s of %d %s is less than one; ask for more".formatted(listed(amounts), all, units));
      }
      return List.copyOf(counts);
    }

    private static String listed(Collection<Amount> amounts) {
      return String.join(", ", amounts.stream().map(Amount::toString).toList());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Equal steps for as long as the metric stays above a threshold, each by scores at the mask
   * before it, as Hugging Face's script prunes. The last mask that was above is the result. Unlike
   * there, a unit is chosen once, and the loop ends before everything has gone.
   *
   * @param amount of all units that goes in each step, at least one unit
   */
  record WhileAbove(Threshold threshold, Amount amount) implements Schedule {
    @Override
    public boolean decidesByMetric() {
      return true;
    }

    /** Units of a step. */
    int step(int all, String units) {
      return Math.max(1, amount.among(all, units));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** As few units as meet a budget, in the order of one ranking. */
  record ToBudget(Budget budget) implements Schedule {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** What somebody else chose. */
  record Given(ModelMask mask) implements Schedule {
    public Given {
      if (mask.kinds().isEmpty()) {
        throw new IllegalArgumentException("the mask takes nothing away");
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
