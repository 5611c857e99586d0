package org.bertology.cli;

import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.core.benchmark.ForwardPass;
import org.bertology.core.benchmark.Workload;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;

/**
 * One form of a model on one engine in a process of its own, which runs what a benchmark asks for:
 *
 * <ul>
 *   <li>at first, unasked: the engine;
 *   <li>{@code run BATCH LENGTH EXAMPLES}: one pass, and its seconds; length 0 for the examples of
 *       the data as they are;
 *   <li>{@code memory}: the peak of the process, in bytes.
 * </ul>
 */
final class BenchmarkWorker {
  static final String RUN = "run";
  static final String MEMORY = "memory";

  static final String SECONDS = "seconds";
  static final String VERSION = "version";
  static final String DEVICE = "device";
  static final String BYTES = "bytes";

  private final WorkerRequests requests;

  BenchmarkWorker(WorkerRequests requests) {
    this.requests = requests;
  }

  /** The request for a pass. */
  static String run(Workload workload) {
    return "%s %d %d %d"
        .formatted(RUN, workload.batch(), workload.length().orElse(0), workload.examples());
  }

  /** Answers until told to quit. */
  void serve(Model model, Optional<EncodedData> data, ModelMask mask) {
    try (ForwardPass pass = ForwardPass.open(model, data, mask)) {
      JsonObject ready = new JsonObject();
      ready.addProperty(VERSION, model.backend().version());
      ready.addProperty(DEVICE, model.backend().config().device());
      requests.answer(ready);
      requests.answerEach(request -> result(request.split(" "), pass));
    }
  }

  private static JsonObject result(String[] request, ForwardPass pass) {
    JsonObject result = new JsonObject();
    switch (request[0]) {
      case RUN -> result.addProperty(SECONDS, pass.seconds(workload(request)));
      case MEMORY -> PeakMemory.bytes().ifPresent(bytes -> result.addProperty(BYTES, bytes));
      default -> throw WorkerRequests.unknown(request[0]);
    }
    return result;
  }

  private static Workload workload(String[] request) {
    int length = Integer.parseInt(request[2]);
    return new Workload(
        Integer.parseInt(request[1]),
        length == 0 ? OptionalInt.empty() : OptionalInt.of(length),
        Integer.parseInt(request[3]));
  }
}
