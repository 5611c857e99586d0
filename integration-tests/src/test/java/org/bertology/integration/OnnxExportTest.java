package org.bertology.integration;

import org.bertology.core.export.ExportFormat;

final class OnnxExportTest extends ExportContract {
  OnnxExportTest() {
    super(ExportFormat.ONNX);
  }
}
