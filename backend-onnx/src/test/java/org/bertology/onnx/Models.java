package org.bertology.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.graph.Graph;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** Lowered graphs as another library reads them. */
final class Models {
  private Models() {}

  static final Weights NO_WEIGHTS = Weights.of(Map.of());

  static LoweredGraph lower(Graph graph, Weights weights, String... outputs) {
    return OnnxLowering.lower(graph, weights, List.of(outputs), BackendConfig.defaults());
  }

  static ModelProto parse(LoweredGraph lowered) {
    try {
      return ModelProto.parseFrom(lowered.model());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a model", e);
    }
  }

  /** The operators of a graph without weights, in order. */
  static List<String> operators(Graph graph, String... outputs) {
    return operators(parse(lower(graph, NO_WEIGHTS, outputs)));
  }

  static List<String> operators(ModelProto model) {
    return model.getGraph().getNodeList().stream().map(NodeProto::getOpType).toList();
  }

  /** 0, 1, 2 and so on, scaled to lie in [0, 1). */
  static Tensor ramp(long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) i / size;
    }
    return Tensor.of(values, shape);
  }
}
