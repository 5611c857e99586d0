package org.bertology.cli;

import org.bertology.core.ablation.AblationOptions;
import org.bertology.core.statistics.PairedComparison;

/**
 * What to ablate and how to show it.
 *
 * @param comparison of each run with the base
 * @param json whether to print the document instead of tables
 */
record AblationRequest(AblationOptions options, PairedComparison comparison, boolean json) {}
