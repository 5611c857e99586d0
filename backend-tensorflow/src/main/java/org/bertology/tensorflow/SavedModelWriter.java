package org.bertology.tensorflow;

import java.util.List;
import org.bertology.tensorflow.SavedGraph.SavedVariable;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;

/** The message in {@code saved_model.pb}. */
final class SavedModelWriter {
  /** By which loaders know a graph that is there to be run. */
  static final String TAG = "serve";

  static final String SIGNATURE = "serving_default";

  private static final String METHOD = "tensorflow/serving/predict";

  /** Under which Python's loader looks for variables. */
  private static final List<String> COLLECTIONS = List.of("variables", "trainable_variables");

  private SavedModelWriter() {}

  static SavedModel of(Graph graph, SavedGraph saved, VariableSaver saver, String version) {
    MetaGraphDef.MetaInfoDef info =
        MetaGraphDef.MetaInfoDef.newBuilder().addTags(TAG).setTensorflowVersion(version).build();
    MetaGraphDef.Builder meta =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(info)
            .setGraphDef(graph.toGraphDef())
            .setSaverDef(saver.definition())
            .putSignatureDef(SIGNATURE, signature(saved));
    CollectionDef variables = variables(saved, saver);
    COLLECTIONS.forEach(name -> meta.putCollectionDef(name, variables));
    return SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(meta).build();
  }

  private static SignatureDef signature(SavedGraph saved) {
    SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(METHOD);
    saved.inputs().forEach((name, tensor) -> signature.putInputs(name, info(tensor)));
    saved.outputs().forEach((name, tensor) -> signature.putOutputs(name, info(tensor)));
    return signature.build();
  }

  private static TensorInfo info(Output<?> tensor) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long extent : tensor.shape().asArray()) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(extent));
    }
    return TensorInfo.newBuilder()
        .setName(name(tensor))
        .setDtype(tensor.dataType())
        .setTensorShape(shape)
        .build();
  }

  private static CollectionDef variables(SavedGraph saved, VariableSaver saver) {
    CollectionDef.BytesList.Builder list = CollectionDef.BytesList.newBuilder();
    for (SavedVariable variable : saved.variables()) {
      VariableDef definition =
          VariableDef.newBuilder()
              .setVariableName(name(variable.handle()))
              .setInitializerName(saver.assignment(variable.parameter()).name())
              .setSnapshotName(name(variable.read()))
              .setIsResource(true)
              .setTrainable(true)
              .build();
      list.addValue(definition.toByteString());
    }
    return CollectionDef.newBuilder().setBytesList(list).build();
  }

  /** A tensor's name in a graph's messages. */
  static String name(Output<?> tensor) {
    return tensor.op().name() + ":" + tensor.index();
  }
}
