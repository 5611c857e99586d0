package org.bertology.djl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
    return List.of(
        "class M(Module):",
        "  __parameters__ = []",
        "  __buffers__ = []",
        "  training : bool",
        "  def forward(self: __torch__.M, %s) -> List[Tensor]:"
            .formatted(String.join(", ", arguments)));
  }

  /** The module's source. */
  String source(List<String> arguments) {
    List<String> all = new ArrayList<>(header(arguments));
    all.addAll(lines);
    return String.join("\n", all) + "\n";
  }

  /** The hooks of the source's lines. */
  List<String> hooksByLine(String ofHeader) {
    List<String> all = new ArrayList<>(Collections.nCopies(header(List.of()).size(), ofHeader));
    all.addAll(hooks);
    return all;
  }
}
