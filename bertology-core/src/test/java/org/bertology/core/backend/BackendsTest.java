package org.bertology.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private record Factory(String name) implements BackendFactory {
    @Override
    public Backend create(BackendConfig config) {
      return new ReferenceBackend();
    }
  }

  @Test
  void aKnownEngineThatIsMissingComesWithWhatToAdd() {
    Backends backends = new Backends(Map.of("reference", new Factory("reference")));

    assertThatThrownBy(() -> backends.open("tensorflow", BackendConfig.defaults()))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessage(
            "the backend 'tensorflow' is missing from this installation, which has reference; add org.bertology:bertology-backend-tensorflow");
  }

  @Test
  void anotherNameIsAnsweredWithNearMisses() {
    Backends backends = new Backends(Map.of("reference", new Factory("reference")));

    assertThatThrownBy(() -> backends.type("referense"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no backend is named 'referense'; did you mean 'reference'?");
    assertThat(backends.type("reference")).isEqualTo(Factory.class);
  }

  @Test
  void anEntryThatIsNotUsableDoesNotHideTheOthers() {
    Deque<Supplier<BackendFactory>> entries =
        new ArrayDeque<>(
            List.of(
                BackendsTest::broken,
                () -> new Factory("second"),
                BackendsTest::broken,
                () -> new Factory("first")));

    FoundBackends found = FoundBackends.of(() -> new Entries(entries));

    assertThat(found.factories()).containsOnlyKeys("first", "second");
    assertThat(found.failures())
        .hasSize(2)
        .first()
        .asString()
        .isEqualTo(
            "a backend on the class path is not usable: no such provider (java.lang.NoClassDefFoundError: org/engine/Session)");
  }

  @Test
  void anEntryThatCannotEvenBeLookedForDoesNotHideTheOthers() {
    Iterator<BackendFactory> entries =
        new Iterator<>() {
          private int asked;

          @Override
          public boolean hasNext() {
            asked++;
            if (asked == 1) {
              throw new ServiceConfigurationError("unreadable file of services");
            }
            return asked == 2;
          }

          @Override
          public BackendFactory next() {
            return new Factory("good");
          }
        };

    FoundBackends found = FoundBackends.of(() -> entries);

    assertThat(found.factories()).containsOnlyKeys("good");
    assertThat(found.failures())
        .containsExactly("a backend on the class path is not usable: unreadable file of services");
  }

  @Test
  void knownEnginesHaveNamesAndArtifacts() {
    assertThat(KnownEngine.named("djl")).contains(KnownEngine.DJL);
    assertThat(KnownEngine.named("jax")).isEmpty();
    assertThat(KnownEngine.ONNX.artifact()).isEqualTo("org.bertology:bertology-backend-onnx");
  }

  private static BackendFactory broken() {
    throw new ServiceConfigurationError(
        "no such provider", new NoClassDefFoundError("org/engine/Session"));
  }

  /** Entries that are made when they are asked for, as a service loader makes them. */
  private record Entries(Deque<Supplier<BackendFactory>> left) implements Iterator<BackendFactory> {
    @Override
    public boolean hasNext() {
      return !left.isEmpty();
    }

    @Override
    public BackendFactory next() {
      return left.remove().get();
    }
  }
}
