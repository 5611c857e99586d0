package org.bertology.core.prune;

import java.util.List;
import org.bertology.api.model.Mask;

/**
 * What a model does as more and more goes, in one order.
 *
 * @param order how units are ordered: the criterion, or {@code random-1}, {@code reverse}, {@code
 *     leave-one-out}
 * @param points the whole model first
 */
public record Curve(String order, List<CurvePoint> points) {
  public Curve {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a curve has one point at least");
    }
  }

  public CurvePoint last() {
    return points.get(points.size() - 1);
  }

  /**
   * The area under a metric by trapezoids, over the part of a model's units that the curve spans,
   * divided by that part: the metric's mean on the way. Curves over the same part can be compared.
   */
  public double area(String metric, Mask kind) {
    double area = 0;
    int span = last().mask().maskedCount(kind) - points.get(0).mask().maskedCount(kind);
    if (span == 0) {
      return last().performance().metric(metric);
    }
    for (int i = 1; i < points.size(); i++) {
      CurvePoint left = points.get(i - 1);
      CurvePoint right = points.get(i);
      int width = right.mask().maskedCount(kind) - left.mask().maskedCount(kind);
      area += width * (left.performance().metric(metric) + right.performance().metric(metric)) / 2;
    }
    return area / span;
  }
}
