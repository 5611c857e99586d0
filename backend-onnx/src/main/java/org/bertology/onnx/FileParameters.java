package org.bertology.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.api.graph.ElementType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bertology.onnx.OnnxProto.ElementCode;

/**
 * Parameters that go into a file: the model's own, or, where that would be larger than a message of
 * protocol buffers can be, one beside it for all but the small ones.
 */
final class FileParameters implements Parameters {
  /** So that the file can be mapped wherever a parameter begins. */
  private static final long ALIGNMENT = 4096;

  private final Weights weights;
  private final Elements elements;

  /** The name of the file beside the model; empty where there is none. */
  private final String sideFile;

  /** Where in the file beside the model each parameter begins. */
  private final Map<String, Long> offsets = new LinkedHashMap<>();

  private long end;

  FileParameters(Weights weights, Elements elements, String sideFile) {
    this.weights = weights;
    this.elements = elements;
    this.sideFile = sideFile;
  }

  @Override
  public WireMessage initializer(
      String tensor, ElementCode type, long[] extents, String parameter) {
    long bytes = elements.bytes(extents);
    if (sideFile.isEmpty() || bytes <= LoweredGraph.INLINE_BYTES) {
      return OnnxProto.tensor(tensor, type, extents, data(parameter));
    }
    long offset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    end = offset + bytes;
    offsets.put(parameter, offset);
    return OnnxProto.externalTensor(tensor, type, extents, sideFile, offset, bytes);
  }

  private ByteBuffer data(String parameter) {
    Tensor tensor = HostTensors.convert(weights.get(parameter), elements.host(ElementType.FLOAT));
    return tensor.bytes();
  }

  /** Writes what {@link #initializer} has put into the file beside the model. */
  void writeTo(SeekableByteChannel channel) throws IOException {
    for (Map.Entry<String, Long> parameter : offsets.entrySet()) {
      channel.position(parameter.getValue());
      WireMessage.writeAll(channel, data(parameter.getKey()));
    }
  }
}
