package org.bertology.core.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.bertology.core.ablation.UnitGroup;
import org.bertology.core.statistics.PairedDifference;

/**
 * What one run of an ablation gave.
 *
 * @param group what was left out, or alone kept
 * @param metrics of the run by name, the main one first
 * @param correct how many answers were right; empty where they are not simply right or wrong
 * @param main the main measure, against that of the base
 * @param loss the mean loss, against that of the base
 */
public record AblationRow(
    UnitGroup group,
    Map<String, Double> metrics,
    OptionalInt correct,
    PairedDifference main,
    PairedDifference loss) {

  public AblationRow {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
