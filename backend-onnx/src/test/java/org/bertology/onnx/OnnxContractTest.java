package org.bertology.onnx;

import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Precision;
import org.bertology.api.contract.BackendContract;
import org.bertology.api.contract.BindingContract;
import org.bertology.api.contract.ConcurrencyContract;
import org.bertology.api.contract.ExitContract;
import org.bertology.api.contract.GradientContract;
import org.bertology.api.contract.LifetimeContract;
import org.bertology.api.contract.MemoryContract;
import org.bertology.api.contract.WeightContract;
import org.junit.jupiter.api.Nested;

/** ONNX Runtime keeps what backends promise. */
final class OnnxContractTest {
  /** Rounding of sums of up to 128 products, relative to the largest entry. */
  private static final double FLOAT32 = 2e-6;

  /** A float32 number anywhere on the way would show as 1e-8. */
  private static final double FLOAT64 = 2e-15;

  @Nested
  final class Operations extends BackendContract {
    Operations() {
      super(new OnnxBackendFactory(), FLOAT32);
    }
  }

  @Nested
  final class DoubleOperations extends BackendContract {
    DoubleOperations() {
      super(
          new OnnxBackendFactory(),
          BackendConfig.defaults().withPrecision(Precision.FLOAT64),
          FLOAT64);
    }
  }

  @Nested
  final class Inputs extends BindingContract {
    Inputs() {
      super(new OnnxBackendFactory());
    }
  }

  @Nested
  final class UploadedWeights extends WeightContract {
    UploadedWeights() {
      super(new OnnxBackendFactory());
    }

    @Override
    protected int uploaded(Backend opened) {
      return ((OnnxBackend) opened).uploadedTensors();
    }
  }

  @Nested
  final class Lifetimes extends LifetimeContract {
    Lifetimes() {
      super(new OnnxBackendFactory());
    }
  }

  @Nested
  final class Threads extends ConcurrencyContract {
    Threads() {
      super(new OnnxBackendFactory());
    }
  }

  @Nested
  final class Memory extends MemoryContract {
    Memory() {
      super(new OnnxBackendFactory());
    }
  }

  @Nested
  final class SymbolicGradients extends GradientContract {
    SymbolicGradients() {
      super(new OnnxBackendFactory());
    }
  }

  @Nested
  final class Exit extends ExitContract {
    Exit() {
      super(OnnxBackendFactory.class);
    }
  }
}
