package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Weights;
import org.bertology.onnx.OnnxProto.ElementCode;
import org.junit.jupiter.api.Test;

/** Every message as an independent reader sees it. */
final class OnnxProtoTest {
  private static final ModelProto MODEL = Models.parse(lowered());

  /** A graph with inline and external weights, several attributes and a product of symbols. */
  private static LoweredGraph lowered() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 64));
    Value weight = builder.parameter("large.weight", Shape.of(32, 64));
    Value bias = builder.parameter("small.bias", Shape.of(32));
    Value product = x.linear(weight, bias);
    product
        .add(product.exp())
        .layerNorm(bias, bias, 1e-5)
        .softmax()
        .transpose(2, 0, 1)
        .reshape(Shape.of(32, Dim.of("batch").times(Dim.of("sequence"))))
        .named("result");
    Graph graph = builder.build();
    Weights weights =
        Weights.of(Map.of("large.weight", Models.ramp(32, 64), "small.bias", Models.ramp(32)));
    return Models.lower(graph, weights, "result");
  }

  @Test
  void anotherWriterWritesTheSameBytes() {
    assertThat(MODEL.toByteArray()).isEqualTo(lowered().model());
  }

  @Test
  void theModelDeclaresVersionsAndBothDomains() {
    assertThat(MODEL.getIrVersion()).isEqualTo(9);
    assertThat(MODEL.getProducerName()).isEqualTo("bertology");
    assertThat(MODEL.getOpsetImportList())
        .extracting(OperatorSetIdProto::getDomain, OperatorSetIdProto::getVersion)
        .containsExactly(tuple("", 20L), tuple("com.microsoft", 1L));
  }

  @Test
  void nodesHaveDomainsAndAttributes() {
    NodeProto product = node("FusedMatMul");
    NodeProto norm = node("LayerNormalization");
    NodeProto transpose = node("Transpose");

    assertThat(product.getDomain()).isEqualTo("com.microsoft");
    assertThat(attribute(product, "transA").getI()).isZero();
    assertThat(attribute(product, "transB").getI()).isEqualTo(1);
    assertThat(attribute(norm, "axis").getI()).isEqualTo(-1);
    assertThat(attribute(norm, "axis").getType()).isEqualTo(AttributeProto.AttributeType.INT);
    assertThat(attribute(norm, "epsilon").getF()).isEqualTo(1e-5f);
    assertThat(attribute(norm, "epsilon").getType()).isEqualTo(AttributeProto.AttributeType.FLOAT);
    assertThat(attribute(transpose, "perm").getIntsList()).containsExactly(2L, 0L, 1L);
    assertThat(attribute(transpose, "perm").getType()).isEqualTo(AttributeProto.AttributeType.INTS);
  }

  private static NodeProto node(String operator) {
    return MODEL.getGraph().getNodeList().stream()
        .filter(node -> node.getOpType().equals(operator))
        .findFirst()
        .orElseThrow();
  }

  private static AttributeProto attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void smallWeightsAreInlineAndLargeOnesInTheEmptyFile() {
    TensorProto small = initializer("small.bias");
    TensorProto large = initializer("large.weight");

    float[] values = new float[32];
    ByteBuffer.wrap(small.getRawData().toByteArray())
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    assertThat(values).isEqualTo(Models.ramp(32).toFloats());
    assertThat(small.getDimsList()).containsExactly(32L);
    assertThat(large.getDataLocation()).isEqualTo(TensorProto.DataLocation.EXTERNAL);
    assertThat(large.getExternalDataList())
        .singleElement()
        .satisfies(entry -> assertThat(entry.getKey()).isEqualTo("location"))
        .satisfies(entry -> assertThat(entry.getValue()).isEqualTo("empty"));
    assertThat(large.getRawData().isEmpty()).isTrue();
    assertThat(large.getDataType()).isEqualTo(TensorProto.DataType.FLOAT.getNumber());
    assertThat(large.getDimsList()).containsExactly(32L, 64L);
  }

  private static TensorProto initializer(String name) {
    return MODEL.getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void inputsAndIntermediatesHaveNamedDimensions() {
    assertThat(MODEL.getGraph().getInputList())
        .singleElement()
        .satisfies(input -> assertThat(input.getName()).isEqualTo("x"))
        .satisfies(input -> assertThat(dims(input)).containsExactly("batch", "sequence", "64"));
    assertThat(MODEL.getGraph().getOutputList())
        .singleElement()
        .satisfies(output -> assertThat(dims(output)).containsExactly("32", "batch*sequence"));
    assertThat(MODEL.getGraph().getValueInfoList())
        .extracting(ValueInfoProto::getName)
        .containsAll(MODEL.getGraph().getNodeList().stream().map(n -> n.getOutput(0)).toList());
  }

  private static List<String> dims(ValueInfoProto info) {
    return info.getType().getTensorType().getShape().getDimList().stream()
        .map(OnnxProtoTest::dim)
        .toList();
  }

  private static String dim(TensorShapeProto.Dimension dim) {
    return dim.getDimParam().isEmpty() ? Long.toString(dim.getDimValue()) : dim.getDimParam();
  }

  @Test
  void elementCodesAreThoseOfTheFormat() {
    assertThat(ElementCode.FLOAT.number()).isEqualTo(TensorProto.DataType.FLOAT.getNumber());
    assertThat(ElementCode.DOUBLE.number()).isEqualTo(TensorProto.DataType.DOUBLE.getNumber());
    assertThat(ElementCode.INT64.number()).isEqualTo(TensorProto.DataType.INT64.getNumber());
    assertThat(ElementCode.BOOL.number()).isEqualTo(TensorProto.DataType.BOOL.getNumber());
  }

  @Test
  void numbersOfAllSizesSurvive() throws Exception {
    long[] values = {0, 1, -1, 127, 128, Long.MAX_VALUE, Long.MIN_VALUE};
    for (long value : values) {
      WireMessage written = OnnxProto.attribute("a", value);

      assertThat(AttributeProto.parseFrom(written.toBytes()).getI()).isEqualTo(value);
    }
  }
}
