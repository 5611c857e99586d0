package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.contract.ExportContract;
import org.bertology.api.contract.TinyModels;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.api.model.Task;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

/** Modules in files. */
final class TorchScriptExportTest extends ExportContract {
  TorchScriptExportTest() {
    super(new DjlBackendFactory());
  }

  @Test
  void argumentsHaveTheNamesOfInputs() throws IOException {
    GraphExport export =
        export(TinyModels.uneven(3), Task.SEQUENCE_CLASSIFICATION, Set.of(Part.HEAD_MASK));

    Path file = written(export);

    assertThat(ScriptSignature.arguments(file)).isEqualTo(export.inputs());
  }

  @Test
  void parametersAreFieldsAndOutputsAreByName() {
    GraphBuilder builder = new GraphBuilder();
    builder
        .input("x", ElementType.FLOAT, Shape.of("batch", 4))
        .named("x")
        .linear(builder.parameter("dense.weight", Shape.of(2, 4)))
        .named("y.0");
    Weights weights = TinyModels.weights(builder.build(), List.of("y.0"));

    ScriptFile script =
        TorchScriptLowering.file(
            new GraphExport(builder.build(), weights, List.of("x"), List.of("y.0"), "", Map.of()));

    assertThat(script.parameters()).containsExactly("dense.weight");
    assertThat(script.source())
        .isEqualTo(
            """
            class M(Module):
              __parameters__ = ["dense.weight", ]
              __buffers__ = []
              __annotations__["dense.weight"] = Tensor
              training : bool
              def forward(self: __torch__.M, x: Tensor) -> Dict[str, Tensor]:
                v0 = getattr(self, "dense.weight")
                v1 = torch.linear(x, v0, None)
                v2 = torch.contiguous(v1)
                return {"y.0": v2}
            """);
  }

  @Test
  void anInputWhoseNameIsNoArgumentIsRefused() {
    GraphBuilder builder = new GraphBuilder();
    builder.input("mask.0", ElementType.FLOAT, Shape.of(1)).named("mask.0").exp().named("y");
    GraphExport export =
        new GraphExport(
            builder.build(), Weights.of(Map.of()), List.of("mask.0"), List.of("y"), "", Map.of());
    try (Backend backend = open()) {
      assertThatExceptionOfType(UnsupportedCapabilityException.class)
          .isThrownBy(() -> exporter(backend).write(export, directory.resolve("file")))
          .withMessage(
              "torchscript has no argument named 'mask.0'; a name is made of letters, digits and _");
    }
  }
}
