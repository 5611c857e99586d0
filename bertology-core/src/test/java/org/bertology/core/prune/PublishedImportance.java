package org.bertology.core.prune;

import java.util.Arrays;
import java.util.Collections;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.importance.LayerScores;

/**
 * Importance of the heads of a BERT-base on SST-2, normalised by layer, as an independent
 * reproduction of Michel et al. printed it (github.com/Silent-Zebra/reproduce), which also printed
 * what was pruned.
 */
final class PublishedImportance {
  private static final String MATRIX =
      """
          .31044 .27014 .27876 .27416 .35801 .24529 .25334 .18018 .36268 .26099 .39579 .19106
          .25123 .45833 .16916 .18584 .41410 .21751 .19914 .24963 .22861 .25097 .32360 .35064
          .43673 .38299 .21300 .16834 .17513 .23398 .34607 .19626 .15468 .43590 .23560 .27520
          .24096 .19012 .21917 .31985 .14539 .43325 .22794 .22146 .25747 .39335 .34333 .32667
          .30337 .22972 .23889 .22183 .30735 .37602 .26887 .41427 .16967 .28909 .26271 .29626
          .29750 .15540 .16690 .31129 .32471 .19690 .25170 .41820 .35329 .31322 .29886 .26058
          .31551 .20822 .25269 .17032 .26448 .52269 .27495 .28033 .27815 .26867 .23748 .24690
          .44962 .43140 .18671 .21950 .19666 .31061 .14384 .11509 .39091 .27553 .34612 .10520
          .12211 .42500 .10015 .14868 .20252 .14216 .12292 .39890 .39738 .51080 .17899 .29327
          .20666 .16662 .24760 .19896 .11503 .56940 .12923 .32593 .41198 .08678 .34857 .26363
          .33932 .16818 .15725 .24653 .51235 .09485 .12206 .25693 .28754 .11889 .37321 .42728
          .22066 .09936 .41262 .20196 .28770 .25430 .54896 .01666 .15224 .24494 .39986 .19561
          """;

  private PublishedImportance() {}

  static LayerScores scores() {
    return LayerScores.of(
        MATRIX
            .lines()
            .map(line -> Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new));
  }

  static TransformerConfig bertBase() {
    return new TransformerConfig(
        new Bert(),
        30522,
        768,
        Collections.nCopies(12, new LayerGeometry(12, 64, 3072)),
        512,
        2,
        1e-12,
        Activation.GELU,
        2);
  }
}
