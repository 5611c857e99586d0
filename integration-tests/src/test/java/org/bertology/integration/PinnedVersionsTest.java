package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Versions that must not change in passing. */
final class PinnedVersionsTest {
  @Test
  void onnxRuntimeIsTheLastVersionWithoutTelemetry() throws Exception {
    assertThat(property("onnxruntime.version"))
        .as(
            "ONNX Runtime 1.29 and later write a device id and queue usage events as soon as the"
                + " library is loaded, unless ORT_DISABLE_TELEMETRY=1 was in the environment before"
                + " the JVM started, which a library cannot see to")
        .isEqualTo("1.28.0");
  }

  @Test
  void djlAndPyTorchAreVersionsThatNeedNoDownload() throws Exception {
    assertThat(List.of(property("djl.version"), property("djl.torch.version")))
        .as(
            "DJL's PyTorch engine looks for a JNI library of exactly its own version and PyTorch's,"
                + " and downloads it where it is not on the class path; 2.7.1-0.35.1 is the newest"
                + " one on Maven Central")
        .containsExactly("0.35.1", "2.7.1");
  }

  /** A property of the parent POM. */
  private static String property(String name) throws Exception {
    Path parent = Path.of("..", "pom.xml");
    Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(parent.toFile());
    return XPathFactory.newInstance().newXPath().evaluate("/project/properties/" + name, pom);
  }
}
