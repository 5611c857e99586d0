package org.bertology.api.reference;

import org.bertology.api.contract.BackendContract;
import org.bertology.api.contract.BindingContract;
import org.bertology.api.contract.ConcurrencyContract;
import org.bertology.api.contract.GradientContract;
import org.bertology.api.contract.LifetimeContract;
import org.bertology.api.contract.MemoryContract;
import org.junit.jupiter.api.Nested;

/** The reference keeps what backends promise. */
final class ReferenceContractTest {
  /** The reference against itself. */
  private static final double EXACT = 0;

  @Nested
  final class Operations extends BackendContract {
    Operations() {
      super(new ReferenceFactory(), EXACT);
    }
  }

  @Nested
  final class Inputs extends BindingContract {
    Inputs() {
      super(new ReferenceFactory());
    }
  }

  @Nested
  final class Lifetimes extends LifetimeContract {
    Lifetimes() {
      super(new ReferenceFactory());
    }
  }

  @Nested
  final class Threads extends ConcurrencyContract {
    Threads() {
      super(new ReferenceFactory());
    }
  }

  @Nested
  final class Memory extends MemoryContract {
    Memory() {
      super(new ReferenceFactory());
    }
  }

  @Nested
  final class SymbolicGradients extends GradientContract {
    SymbolicGradients() {
      super(new ReferenceFactory());
    }
  }
}
