package org.bertology.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bertology.core.model.ParameterTable;
import org.bertology.core.model.ParameterTable.Row;
import org.bertology.core.model.ParameterTable.Use;

/** A model's parameters, one line each, with totals below. */
record ParameterTableView(Console console, ParameterTable table) {

  void print() {
    int names = width(table.rows().stream().map(Row::name).toList(), "parameter");
    int shapes = width(table.rows().stream().map(ParameterTableView::shape).toList(), "shape");
    String line = "%%-%ds  %%-%ds  %%,14d  %%,18d  %%s".formatted(names, shapes);
    console.out().println();
    console
        .out()
        .println(
            line.replace(",14d", "14s")
                .replace(",18d", "18s")
                .formatted("parameter", "shape", "numbers", "FLOPs", "")
                .stripTrailing());
    for (Row row : table.rows()) {
      console
          .out()
          .println(
              format(line, row.name(), shape(row), row.size(), row.flops(), use(row))
                  .stripTrailing());
    }
    console.out().println();
    console.out().println(format("%,d FLOPs of attention without parameters", table.otherFlops()));
    console.out().println(totals());
  }

  private String totals() {
    return Arrays.stream(Use.values())
        .filter(use -> table.size(use) > 0)
        .map(use -> format("%,d %s", table.size(use), word(use)))
        .collect(Collectors.joining(", "));
  }

  private static String word(Use use) {
    return use.name().toLowerCase(Locale.ROOT);
  }

  private static String use(Row row) {
    return switch (row.use()) {
      case TRAINED -> "";
      case TIED -> "tied: used in %d places".formatted(row.places());
      case FROZEN, UNUSED -> word(row.use());
    };
  }

  private static String shape(Row row) {
    return row.shape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
  }

  private static int width(List<String> texts, String title) {
    return Math.max(title.length(), texts.stream().mapToInt(String::length).max().orElse(0));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
