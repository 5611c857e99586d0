package org.bertology.djl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The lines of one script as they are written, each with the hook that it belongs to. */
final class ScriptWriter {
  private static final String INDENT = "    ";

  private final List<String> lines = new ArrayList<>();
  private final List<String> hooks = new ArrayList<>();
  private int variables;

  /** A line of the method's body. */
  void line(String hook, String text) {
    lines.add(INDENT + text);
    hooks.add(hook);
  }

  /** A name that no other variable has. */
  String variable() {
    return "v" + variables++;
  }

  /** The variable that holds an expression from here on. */
  String assign(String hook, String expression) {
    String variable = variable();
    line(hook, variable + " = " + expression);
    return variable;
  }

  private static List<String> header(List<String> arguments) {
    List<String> header = new ArrayList<>(fields(List.of()));
    header.add(signature(arguments, "List[Tensor]"));
    return header;
  }

  private static List<String> fields(List<String> parameters) {
    List<String> fields = new ArrayList<>();
    fields.add("class M(Module):");
    fields.add(
        "  __parameters__ = ["
            + parameters.stream().map(name -> quoted(name) + ", ").collect(Collectors.joining())
            + "]");
    fields.add("  __buffers__ = []");
    parameters.forEach(
        name -> fields.add("  __annotations__[%s] = Tensor".formatted(quoted(name))));
    fields.add("  training : bool");
    return fields;
  }

  private static String signature(List<String> arguments, String result) {
    return "  def forward(self: __torch__.M, %s) -> %s:"
        .formatted(String.join(", ", arguments), result);
  }

  /** The source of a module that is given its parameters at each run, as a list. */
  String source(List<String> arguments) {
    return text(header(arguments));
  }

  /** The source of a module that has its parameters, and gives tensors by name. */
  String sourceWithParameters(List<String> parameters, List<String> arguments) {
    List<String> header = fields(parameters);
    header.add(signature(arguments, "Dict[str, Tensor]"));
    return text(header);
  }

  private String text(List<String> header) {
    List<String> all = new ArrayList<>(header);
    all.addAll(lines);
    return String.join("\n", all) + "\n";
  }

  /** A text as a script writes it. */
  static String quoted(String text) {
    return "\"" + text + "\"";
  }

  /** The hooks of the source's lines. */
  List<String> hooksByLine(String ofHeader) {
    List<String> all = new ArrayList<>(Collections.nCopies(header(List.of()).size(), ofHeader));
    all.addAll(hooks);
    return all;
  }
}
