package org.bertology.tensorflow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Weights;
import org.bertology.tensorflow.SavedGraph.SavedVariable;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.types.TString;

/**
 * The nodes by which a graph writes its variables to files, and reads them again when a SavedModel
 * is loaded; variables are stored under the names of parameters.
 */
final class VariableSaver {
  private static final String SCOPE = "save";

  private final List<SavedVariable> variables;
  private final Output<?> prefix;

  /** The prefix again, after everything is saved. */
  private final Output<?> saved;

  private final Map<String, Operation> assignments = new LinkedHashMap<>();
  private final Operation restored;

  /** Appends the nodes. */
  VariableSaver(NodeWriter writer, List<SavedVariable> variables) {
    this.variables = variables;
    this.prefix = scalar(writer);
    Output<?> names = texts(writer, variables.stream().map(SavedVariable::parameter).toList());
    Output<?> slices = texts(writer, Collections.nCopies(variables.size(), ""));
    this.saved = save(writer, names, slices);
    restore(writer, names, slices);
    this.restored =
        writer.operation(
            "NoOp",
            SCOPE,
            node -> {
              assignments.values().forEach(node::addControlInput);
              return node;
            });
  }

  private static Output<?> scalar(NodeWriter writer) {
    try (TString usual = TString.scalarOf("variables")) {
      return writer.text(SCOPE, usual);
    }
  }

  private static Output<?> texts(NodeWriter writer, List<String> texts) {
    try (TString vector = TString.vectorOf(texts.toArray(String[]::new))) {
      return writer.text(SCOPE, vector);
    }
  }

  private Output<?> save(NodeWriter writer, Output<?> names, Output<?> slices) {
    Operation written =
        writer.operation(
            "SaveV2",
            SCOPE,
            node ->
                node.addInputList(
                    variables.stream().map(SavedVariable::read).toArray(Output<?>[]::new)),
            prefix,
            names,
            slices);
    return writer.node("Identity", SCOPE, node -> node.addControlInput(written), prefix);
  }

  private void restore(NodeWriter writer, Output<?> names, Output<?> slices) {
    DataType[] types =
        Collections.nCopies(variables.size(), DataType.DT_FLOAT).toArray(DataType[]::new);
    Operation read =
        writer.operation(
            "RestoreV2", SCOPE, node -> node.setAttr("dtypes", types), prefix, names, slices);
    for (int i = 0; i < variables.size(); i++) {
      SavedVariable variable = variables.get(i);
      assignments.put(
          variable.parameter(),
          writer.operation(
              "AssignVariableOp",
              SCOPE,
              node -> node.setAttr("dtype", DataType.DT_FLOAT).setAttr("validate_shape", true),
              variable.handle(),
              read.output(i)));
    }
  }

  /** The operation that reads a parameter's variable from the files. */
  Operation assignment(String parameter) {
    return assignments.getOrDefault(parameter, restored);
  }

  /**
   * Writes the files.
   *
   * @param files the path that the names of all files begin with
   */
  void write(Session session, Weights weights, String files) {
    List<Tensor> values = new ArrayList<>();
    try (TString path = TString.scalarOf(files)) {
      Session.Runner runner = session.runner().feed(prefix, path).addTarget(saved.op());
      for (SavedVariable variable : variables) {
        values.add(NativeTensors.copyIn(weights.get(variable.parameter()), DType.F32));
        runner.feed(variable.read(), values.get(values.size() - 1));
      }
      runner.run().close();
    } finally {
      values.forEach(Tensor::close);
    }
  }

  SaverDef definition() {
    return SaverDef.newBuilder()
        .setFilenameTensorName(SavedModelWriter.name(prefix))
        .setSaveTensorName(SavedModelWriter.name(saved))
        .setRestoreOpName(restored.name())
        .setVersion(SaverDef.CheckpointFormatVersion.V2)
        .build();
  }
}
