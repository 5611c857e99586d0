package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Versions that must not change in passing. */
final class PinnedVersionsTest {
  @Test
  void onnxRuntimeIsTheLastVersionWithoutTelemetry() throws Exception {
    Path parent = Path.of("..", "pom.xml");

    Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(parent.toFile());
    String version =
        XPathFactory.newInstance()
            .newXPath()
            .evaluate("/project/properties/onnxruntime.version", pom);

    assertThat(version)
        .as(
            "ONNX Runtime 1.29 and later write a device id and queue usage events as soon as the"
                + " library is loaded, unless ORT_DISABLE_TELEMETRY=1 was in the environment before"
                + " the JVM started, which a library cannot see to")
        .isEqualTo("1.28.0");
  }
}
