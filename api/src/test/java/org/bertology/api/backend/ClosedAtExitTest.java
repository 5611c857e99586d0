package org.bertology.api.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClosedAtExitTest {
  private final ClosedAtExit atExit = new ClosedAtExit("this engine");
  private final List<String> closed = new ArrayList<>();

  private Lifetime open(String name) {
    Lifetime owner = new Lifetime(name);
    atExit.add(owner);
    owner.register(() -> closed.add(name));
    return owner;
  }

  @Test
  void whatIsOpenAtTheEndIsClosed() {
    Lifetime first = open("first");
    Lifetime second = open("second");
    first.close();
    closed.clear();

    atExit.closeAll();

    assertThat(closed).containsExactly("second");
    assertThatIllegalStateException()
        .isThrownBy(() -> second.use(() -> 42))
        .withMessage("second is closed; open another one");
  }

  @Test
  void oneFailureDoesNotKeepOthersOpen() {
    List<Lifetime> owners = List.of(open("first"), open("second"), open("third"));
    owners
        .get(1)
        .register(
            () -> {
              throw new IllegalArgumentException("stuck");
            });

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(atExit::closeAll)
        .withMessage("this engine at the end of the process did not close cleanly");
    assertThat(closed).containsExactlyInAnyOrder("first", "second", "third");
  }

  @Test
  void nothingIsOpenedWhileTheProcessEnds() {
    atExit.closeAll();

    assertThatIllegalStateException()
        .isThrownBy(() -> open("late"))
        .withMessage("the process is ending; this engine starts no more");
  }

  @Test
  void ownersThatNobodyHoldsAreCollected() throws Exception {
    WeakReference<Lifetime> owner = new WeakReference<>(open("forgotten"));

    for (int attempt = 0; attempt < 50 && owner.get() != null; attempt++) {
      System.gc();
      Thread.sleep(20);
    }

    assertThat(owner.get()).isNull();
  }
}
