package org.bertology.integration;

import org.bertology.core.export.ExportFormat;

final class TensorFlowExportTest extends ExportContract {
  TensorFlowExportTest() {
    super(ExportFormat.SAVEDMODEL);
  }
}
