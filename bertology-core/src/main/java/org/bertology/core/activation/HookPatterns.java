package org.bertology.core.activation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.graph.NearMisses;
import org.bertology.api.model.Stack;

/** Names of hooks as users write them, turned into names of hooks that a model has. */
final class HookPatterns {
  private static final String GRADIENT = Gradients.nameOf("");
  private static final String GATE = ".gate";
  private static final Map<String, List<String>> GROUPS = groups();

  private HookPatterns() {}

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put("hidden-states", List.of("embeddings", "layer.*"));
    groups.put("attentions", List.of("layer.*.attention.probabilities"));
    groups.put("scores", List.of("layer.*.attention.scores"));
    groups.put("queries", List.of("layer.*.attention.query"));
    groups.put("keys", List.of("layer.*.attention.key"));
    groups.put("values", List.of("layer.*.attention.value"));
    groups.put("contexts", List.of("layer.*.attention.context"));
    groups.put("neurons", List.of("layer.*.feedforward.activation"));
    return groups;
  }

  /**
   * The hooks that are meant, in the order asked for, each once.
   *
   * @param known the model's hooks, bottom to top
   * @throws IllegalArgumentException with near misses, if nothing is asked for or a pattern matches
   *     nothing
   */
  static List<String> resolve(List<String> patterns, Collection<String> known) {
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException(
          "no hooks are asked for; name some, or groups: " + groupNames());
    }
    Set<String> found = new LinkedHashSet<>();
    for (String pattern : patterns) {
      boolean gradient = isGradient(pattern);
      List<String> matches = matches(withoutGradient(pattern), known);
      if (matches.isEmpty()) {
        throw unknown(pattern, known);
      }
      matches.forEach(name -> found.add(gradient ? Gradients.nameOf(name) : name));
    }
    return List.copyOf(found);
  }

  static boolean isGradient(String name) {
    return name.endsWith(GRADIENT);
  }

  static String withoutGradient(String name) {
    return isGradient(name) ? name.substring(0, name.length() - GRADIENT.length()) : name;
  }

  private static List<String> matches(String pattern, Collection<String> known) {
    List<String> matches = new ArrayList<>();
    for (String single : GROUPS.getOrDefault(pattern, List.of(pattern))) {
      Pattern regex = regex(single);
      // Gates are constants that only their gradient makes interesting.
      boolean inAnyStack = GROUPS.containsKey(pattern);
      known.stream()
          .filter(name -> regex.matcher(inAnyStack ? withoutStack(name) : name).matches())
          .filter(name -> single.endsWith(GATE) || !name.endsWith(GATE))
          .forEach(matches::add);
    }
    return matches;
  }

  /** A hook's name within its stack. */
  private static String withoutStack(String name) {
    for (Stack stack : Stack.values()) {
      if (stack != Stack.SINGLE && name.startsWith(stack.prefix())) {
        return name.substring(stack.prefix().length());
      }
    }
    return name;
  }

  private static Pattern regex(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      boolean any = pattern.charAt(i) == '*';
      boolean deep = any && pattern.startsWith("**", i);
      regex.append(any ? deep ? ".*" : "[^.]*" : Pattern.quote(pattern.substring(i, i + 1)));
      i += deep ? 1 : 0;
    }
    return Pattern.compile(regex.toString());
  }

  private static IllegalArgumentException unknown(String pattern, Collection<String> known) {
    Set<String> candidates = new LinkedHashSet<>(GROUPS.keySet());
    known.forEach(name -> candidates.add(likePattern(pattern, name)));
    String hint = NearMisses.hint(withoutGradient(pattern), candidates);
    return new IllegalArgumentException(
        "no hook of this model is named '%s'%s"
            .formatted(withoutGradient(pattern), hint.isEmpty() ? otherwise(known) : hint));
  }

  /** A hook's name with a star for the layer, where the pattern has stars too. */
  private static String likePattern(String pattern, String name) {
    return pattern.contains("*") ? name.replaceFirst("\\.\\d+", ".*") : name;
  }

  private static String otherwise(Collection<String> known) {
    return "; groups: %s; hooks: %s"
        .formatted(
            groupNames(),
            String.join(
                ", ",
                new LinkedHashSet<>(known.stream().map(name -> likePattern("*", name)).toList())));
  }

  private static String groupNames() {
    return String.join(", ", GROUPS.keySet());
  }
}
