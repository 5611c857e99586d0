package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.contract.ExportContract;
import org.bertology.api.contract.TinyModels;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.api.model.Task;
import org.junit.jupiter.api.Test;

/** Models in files, and how another library reads them. */
final class OnnxExportTest extends ExportContract {
  OnnxExportTest() {
    super(new OnnxBackendFactory());
  }

  private static GraphExport everything() {
    return export(
        TinyModels.uneven(3),
        Task.SEQUENCE_CLASSIFICATION,
        EnumSet.of(Part.ATTENTIONS, Part.HIDDEN_STATES, Part.HEAD_MASK));
  }

  private static ModelProto parse(Path file) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(file));
  }

  @Test
  void allOperatorsAreThoseOfOnnxItself() throws IOException {
    ModelProto model = parse(written(everything()));

    assertThat(model.getOpsetImportList()).singleElement().returns("", set -> set.getDomain());
    assertThat(model.getGraph().getNodeList()).extracting(NodeProto::getDomain).containsOnly("");
    assertThat(Models.operators(model)).contains("LayerNormalization", "Gelu", "Softmax");
  }

  @Test
  void inputsOutputsAndParametersHaveTheirNames() throws IOException {
    GraphExport export = everything();

    ModelProto model = parse(written(export));

    assertThat(model.getDocString()).isEqualTo("a tiny model");
    assertThat(model.getMetadataPropsList())
        .singleElement()
        .returns("a key", entry -> entry.getKey())
        .returns("its text", entry -> entry.getValue());
    assertThat(model.getGraph().getInputList())
        .extracting(ValueInfoProto::getName)
        .isEqualTo(export.inputs());
    assertThat(model.getGraph().getOutputList())
        .extracting(ValueInfoProto::getName)
        .isEqualTo(export.outputs());
    assertThat(model.getGraph().getInitializerList())
        .extracting(TensorProto::getName)
        .containsAll(export.parameters());
    assertThat(dims(model.getGraph().getInput(0))).containsExactly("batch", "sequence");
  }

  private static List<String> dims(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .map(dim -> dim.getDimParam())
        .toList();
  }

  @Test
  void whatIsTooLargeForOneMessageHasItsNumbersBesideIt() throws IOException {
    GraphExport export = export(TinyModels.wide(), Task.SEQUENCE_CLASSIFICATION, Set.of());
    Path file = directory.resolve("model.onnx");
    try (Lifetime owner = new Lifetime("a test")) {
      new OnnxExporter(OnnxBackendFactory.environment(), owner, 1000).write(export, file);
    }

    ModelProto model = parse(file);

    TensorProto word = initializer(model, "bert.embeddings.word_embeddings.weight");
    assertThat(word.getRawData().isEmpty()).isTrue();
    assertThat(word.getExternalDataList())
        .extracting(entry -> entry.getKey() + "=" + entry.getValue())
        .contains("location=model.onnx.data", "length=" + 4 * 11 * 128);
    assertThat(initializer(model, "classifier.bias").getRawData().size()).isEqualTo(4 * 3);
    assertThat(directory.resolve("model.onnx.data")).exists();
    assertSameValues(export, file);
  }

  private static TensorProto initializer(ModelProto model, String name) {
    return model.getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
