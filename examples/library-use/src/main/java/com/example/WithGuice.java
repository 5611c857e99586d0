package com.example;

import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import java.nio.file.Path;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.backend.BackendsModule;
import org.bertology.onnx.OnnxModule;

/** Has its engines injected: those whose modules the injector was made of. */
final class WithGuice {
  private final Backends backends;

  @Inject
  WithGuice(Backends backends) {
    this.backends = backends;
  }

  /** Takes a model directory with a dev.tsv. */
  public static void main(String[] arguments) {
    Path directory = Path.of(arguments.length > 0 ? arguments[0] : "../minilm-sentiment");
    Injector injector = Guice.createInjector(new BackendsModule(), new OnnxModule());
    System.out.print(injector.getInstance(WithGuice.class).study(directory));
  }

  private String study(Path directory) {
    try (Backend engine = backends.open("onnx", BackendConfig.defaults())) {
      return HeadStudy.of(directory, engine);
    }
  }
}
