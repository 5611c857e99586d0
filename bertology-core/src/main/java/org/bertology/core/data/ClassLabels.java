package org.bertology.core.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bertology.core.ContentException;

/**
 * Label texts and the model's classes they stand for.
 *
 * <p>Models of the same task number their classes differently (three-way inference has at least
 * three orders in use), so a task's labels are matched with the model's by name where both have
 * names. Case does not matter.
 */
public final class ClassLabels implements Labels {
  /** How a task's labels were matched with the model's classes. */
  public enum Matching {
    BY_NAME,
    /** By position, since the model's classes have no names or other names. */
    BY_INDEX
  }

  private static final Pattern PLACEHOLDER = Pattern.compile("label_\\d+");
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,9})(\\.0+)?");

  private final List<String> names;
  private final Matching matching;
  private final String explanation;
  private final String known;
  private final Map<String, Integer> indices;

  private ClassLabels(
      List<String> names,
      Matching matching,
      String explanation,
      String known,
      Map<String, Integer> indices) {
    this.names = List.copyOf(names);
    this.matching = matching;
    this.explanation = explanation;
    this.known = known;
    this.indices = Map.copyOf(indices);
  }

  /**
   * Labels of a file that follows the model: its class names, or their numbers from zero.
   *
   * @param modelNames the model's class names in the order of its outputs; may be the placeholders
   *     {@code LABEL_0}, {@code LABEL_1}, …
   * @throws ContentException if two classes have the same name
   */
  public static ClassLabels of(List<String> modelNames) {
    requireDistinct(modelNames);
    boolean numbers = numbersAreIndices(modelNames);
    Map<String, Integer> indices = new HashMap<>();
    if (numbers) {
      addNumbers(indices, modelNames.size(), i -> i);
    }
    addNames(indices, modelNames, i -> i);
    String known = numbers ? numbered(modelNames) : String.join(", ", modelNames);
    return arePlaceholders(modelNames)
        ? new ClassLabels(
            modelNames,
            Matching.BY_INDEX,
            "labels are the model's class numbers, 0 to "
                + (modelNames.size() - 1)
                + ": its classes have no names",
            known,
            indices)
        : new ClassLabels(
            modelNames,
            Matching.BY_NAME,
            "labels are the model's class names: " + numbered(modelNames),
            known,
            indices);
  }

  /**
   * Labels of a task, matched with the model's classes.
   *
   * @param task the task's name, for messages
   * @param taskNames the task's label names in the order in which the task numbers them
   * @param numbered whether the task's own files write numbers. Where they write words, a number
   *     has a meaning only if task and model number the classes alike; otherwise nobody can tell
   *     whose number it is
   * @param modelNames the model's class names in the order of its outputs; may be the placeholders
   *     {@code LABEL_0}, {@code LABEL_1}, …
   * @throws IllegalArgumentException if the numbers of labels differ, or only some names match
   * @throws ContentException if two of the model's classes have the same name
   */
  static ClassLabels match(
      String task, List<String> taskNames, boolean numbered, List<String> modelNames) {
    if (taskNames.size() != modelNames.size()) {
      throw new IllegalArgumentException(
          String.format(
              "task %s: expected %d labels, the model has %d (%s)",
              task, taskNames.size(), modelNames.size(), String.join(", ", modelNames)));
    }
    requireDistinct(modelNames);
    List<String> found = modelNames.stream().map(ClassLabels::key).toList();
    List<Integer> order = taskNames.stream().map(name -> found.indexOf(key(name))).toList();
    if (!order.contains(-1)) {
      return byName(taskNames, numbered, modelNames, order);
    }
    if (order.stream().anyMatch(index -> index >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              "task %s: only some of its labels (%s) are among the model's (%s); is this model"
                  + " trained for the task?",
              task, String.join(", ", taskNames), String.join(", ", modelNames)));
    }
    return byIndex(task, taskNames, modelNames);
  }

  private static ClassLabels byName(
      List<String> taskNames, boolean numbered, List<String> modelNames, List<Integer> order) {
    Map<String, Integer> indices = new HashMap<>();
    boolean alike = IntStream.range(0, order.size()).allMatch(i -> order.get(i) == i);
    boolean numbers = numbered || alike;
    if (numbers) {
      addNumbers(indices, taskNames.size(), order::get);
    }
    addNames(indices, taskNames, order::get);
    return new ClassLabels(
        modelNames,
        Matching.BY_NAME,
        "labels matched by name; the model's classes: " + numbered(modelNames),
        numbers ? numbered(taskNames) : String.join(", ", taskNames),
        indices);
  }

  private static ClassLabels byIndex(String task, List<String> taskNames, List<String> modelNames) {
    boolean unnamed = arePlaceholders(modelNames);
    Map<String, Integer> indices = new HashMap<>();
    addNames(indices, modelNames, i -> i);
    addNumbers(indices, taskNames.size(), i -> i);
    addNames(indices, taskNames, i -> i);
    String reason = unnamed ? "no names" : "other names (" + String.join(", ", modelNames) + ")";
    return new ClassLabels(
        unnamed ? taskNames : modelNames,
        Matching.BY_INDEX,
        String.format(
            "labels matched by index, since the model's classes have %s: taking %s in the order of"
                + " task %s",
            reason, numbered(taskNames), task),
        numbered(taskNames),
        indices);
  }

  /** The classes' names in the order of the model's outputs. */
  public List<String> names() {
    return names;
  }

  /** How the names were found. */
  public Matching matching() {
    return matching;
  }

  @Override
  public String explanation() {
    return explanation;
  }

  @Override
  public List<String> outputNames() {
    return names;
  }

  @Override
  public Optional<Label> parse(String text) {
    return index(text).map(Label.ClassIndex::new);
  }

  @Override
  public String expected() {
    return "one of " + known;
  }

  @Override
  public int outputs() {
    return names.size();
  }

  private Optional<Integer> index(String text) {
    String key = key(text);
    Matcher number = NUMBER.matcher(key);
    // Table tools write whole numbers as 1.0 once a column has a gap.
    boolean decimal = number.matches() && number.group(2) != null;
    return Optional.ofNullable(indices.get(decimal ? number.group(1) : key));
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static void addNumbers(
      Map<String, Integer> indices, int count, IntFunction<Integer> order) {
    IntStream.range(0, count).forEach(i -> indices.put(Integer.toString(i), order.apply(i)));
  }

  private static void addNames(
      Map<String, Integer> indices, List<String> names, IntFunction<Integer> order) {
    IntStream.range(0, names.size()).forEach(i -> indices.put(key(names.get(i)), order.apply(i)));
  }

  private static boolean arePlaceholders(List<String> names) {
    return IntStream.range(0, names.size())
        .allMatch(
            i -> PLACEHOLDER.matcher(key(names.get(i))).matches() || isIndex(names.get(i), i));
  }

  /** False for classes called 1, 2, 3, whose names would contradict their numbers. */
  private static boolean numbersAreIndices(List<String> names) {
    return IntStream.range(0, names.size())
        .noneMatch(i -> NUMBER.matcher(names.get(i)).matches() && !isIndex(names.get(i), i));
  }

  private static boolean isIndex(String name, int index) {
    return name.equals(Integer.toString(index));
  }

  private static void requireDistinct(List<String> modelNames) {
    Set<String> seen = new HashSet<>();
    for (String name : modelNames) {
      if (!seen.add(key(name))) {
        throw new ContentException(
            "two of the model's classes are called '"
                + name
                + "' (upper and lower case are the same): "
                + String.join(", ", modelNames));
      }
    }
  }

  private static String numbered(List<String> names) {
    return IntStream.range(0, names.size())
        .mapToObj(i -> isIndex(names.get(i), i) ? names.get(i) : i + " " + names.get(i))
        .collect(Collectors.joining(", "));
  }
}
