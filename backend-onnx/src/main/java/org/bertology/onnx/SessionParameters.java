package org.bertology.onnx;

import java.util.HashMap;
import java.util.Map;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bertology.onnx.OnnxProto.ElementCode;

/** Small parameters are part of the model; the session is given the others. */
final class SessionParameters implements Parameters {
  private final Weights weights;
  private final Elements elements;
  private final Map<String, String> external = new HashMap<>();

  SessionParameters(Weights weights, Elements elements) {
    this.weights = weights;
    this.elements = elements;
  }

  @Override
  public WireMessage initializer(
      String tensor, ElementCode type, long[] extents, String parameter) {
    if (elements.bytes(extents) > LoweredGraph.INLINE_BYTES) {
      external.put(tensor, parameter);
      return OnnxProto.externalTensor(tensor, type, extents, LoweredGraph.EXTERNAL_FILE);
    }
    Tensor data = HostTensors.convert(weights.get(parameter), elements.host(ElementType.FLOAT));
    return OnnxProto.tensor(tensor, type, extents, data.bytes());
  }

  /** The initializers that the session must be given, with the parameters that they are. */
  Map<String, String> external() {
    return external;
  }
}
