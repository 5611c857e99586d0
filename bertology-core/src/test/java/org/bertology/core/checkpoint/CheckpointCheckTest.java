package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bertology.core.ContentException;
import org.bertology.core.family.Families;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CheckpointCheckTest {
  private static final Path SOURCE = Path.of("model");

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, long[]> required = new LinkedHashMap<>();
  private final Set<String> idle = new HashSet<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(CheckpointCheck.class);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  @Test
  void aCheckpointThatFitsIsAcceptedInSilence() {
    has("classifier.weight", 2, 4);
    required.put("classifier.weight", new long[] {2, 4});

    verify();

    assertThat(log.list).isEmpty();
  }

  @Test
  void everythingMissingOrMisshapenIsListed() {
    has("classifier.bias", 3);
    has("bert.pooler.dense.weight", 4);
    required.put("classifier.weight", new long[] {2, 4});
    required.put("classifier.bias", new long[] {2});
    required.put("bert.pooler.dense.weight", new long[] {4, 4});
    required.put("bert.pooler.dense.bias", new long[] {4});

    assertThatThrownBy(this::verify)
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'model' does not hold the parameters of this model: 2 missing, 2 of the wrong shape\n"
                + "  missing: classifier.weight [2, 4]\n"
                + "  missing: bert.pooler.dense.bias [4]\n"
                + "  wrong shape: classifier.bias, expected [2], got [3]\n"
                + "  wrong shape: bert.pooler.dense.weight, expected [4, 4], got [4]");
    assertThat(log.list).isEmpty();
  }

  @Test
  void aLongListIsCutAndTheRestCounted() {
    for (int i = 0; i < 12; i++) {
      required.put("parameter." + i, new long[] {1});
    }

    assertThatThrownBy(this::verify)
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("12 missing, 0 of the wrong shape\n  missing: parameter.0 [1]\n")
        .hasMessageEndingWith("\n  missing: parameter.9 [1]\n  and 2 more");
  }

  @Test
  void superfluousTensorsAreNamedInOneWarning() {
    has("classifier.weight", 1);
    has("cls.seq_relationship.weight", 1);
    has("extra", 1);
    required.put("classifier.weight", new long[] {1});

    verify();

    assertThat(log.list)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getLevel()).isEqualTo(Level.WARN);
              assertThat(event.getFormattedMessage())
                  .isEqualTo(
                      "'model' holds tensors that this model does not use (2):"
                          + " cls.seq_relationship.weight, extra");
            });
  }

  @Test
  void aLongListOfSuperfluousTensorsIsCut() {
    for (int i = 0; i < 11; i++) {
      has("extra." + i, 1);
    }

    verify();

    assertThat(log.list)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getFormattedMessage())
                    .contains("does not use (11): extra.0, ")
                    .endsWith(", extra.9, …"));
  }

  @Test
  void tiedParametersAreNotWorthAWarning() {
    has("bert.embeddings.word_embeddings.weight", 7, 4);
    has("cls.predictions.decoder.weight", 7, 4);
    has("cls.predictions.bias", 7);
    has("cls.predictions.decoder.bias", 7);
    required.put("bert.embeddings.word_embeddings.weight", new long[] {7, 4});
    required.put("cls.predictions.bias", new long[] {7});

    verify();

    assertThat(log.list).isEmpty();
  }

  @Test
  void tensorsOfNoEntriesAreNotWorthAWarning() {
    has("bert.encoder.layer.0.attention.self.query.weight", 0, 4);
    has("bert.encoder.layer.0.attention.self.query.bias", 0);

    verify();

    assertThat(log.list).isEmpty();
  }

  @Test
  void idleParametersOfTheModelAreNotWorthAWarning() {
    has("transformer.h.0.ln_1.weight", 4);
    idle.add("transformer.h.0.ln_1.weight");

    verify();

    assertThat(log.list).isEmpty();
  }

  @Test
  void aDecoderOfAnotherShapeIsNotTied() {
    has("bert.embeddings.word_embeddings.weight", 7, 4);
    has("cls.predictions.decoder.weight", 8, 4);
    required.put("bert.embeddings.word_embeddings.weight", new long[] {7, 4});

    verify();

    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo(
            List.of(
                "'model' holds tensors that this model does not use (1):"
                    + " cls.predictions.decoder.weight"));
  }

  private void has(String name, long... shape) {
    tensors.put(name, Tensor.filled(0, shape));
  }

  private void verify() {
    new CheckpointCheck(SOURCE, Families.of("bert").orElseThrow().names(), Weights.of(tensors))
        .verify(required, idle);
  }
}
