package org.bertology.integration;

import org.bertology.core.export.ExportFormat;

final class DjlExportTest extends ExportContract {
  DjlExportTest() {
    super(ExportFormat.TORCHSCRIPT);
  }
}
