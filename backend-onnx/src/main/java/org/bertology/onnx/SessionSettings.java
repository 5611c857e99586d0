package org.bertology.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Precision;

/** The options that all sessions of a backend have in common. */
final class SessionSettings {
  private SessionSettings() {}

  /**
   * Options for one session; the caller closes them.
   *
   * @param folder where the file is that external initializers are declared to be in
   */
  static SessionOptions open(BackendConfig config, OnnxDevice device, Path folder)
      throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // exceptions say it all
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(config.threads());
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", folder.toString());
      // Folding reads weights, which it takes from the (empty) external file and not from the
      // tensors that the session was given; and it would keep a second copy of what it turns.
      // GELU fused with a bias is slower than the two apart (by 8 % of a feed-forward product).
      // A factor that is fused with a product becomes a float32 number, whatever the product is.
      options.addConfigEntry(
          "optimization.disable_specified_optimizers",
          config.precision() == Precision.FLOAT64
              ? "ConstantFolding;BiasGeluFusion;MatMulScaleFusion"
              : "ConstantFolding;BiasGeluFusion");
      device.configure(options);
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }
}
