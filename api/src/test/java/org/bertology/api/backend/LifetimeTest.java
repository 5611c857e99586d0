package org.bertology.api.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LifetimeTest {
  private static final long SOON_MILLIS = 100;

  private final List<String> closed = new ArrayList<>();
  private final Lifetime lifetime = new Lifetime("this engine");

  private AutoCloseable resource(String name) {
    return () -> closed.add(name);
  }

  @Test
  void resourcesCloseNewestFirstAndOnce() {
    lifetime.register(resource("first"));
    lifetime.register(resource("second"));
    lifetime.register(resource("third"));

    lifetime.close();
    lifetime.close();

    assertThat(closed).containsExactly("third", "second", "first");
  }

  @Test
  void whatIsForgottenIsNotClosed() {
    AutoCloseable own = lifetime.register(resource("own"));
    lifetime.register(resource("other"));
    lifetime.forget(own);

    lifetime.close();

    assertThat(closed).containsExactly("other");
  }

  @Test
  void useAfterCloseSaysSo() {
    assertThat(lifetime.use(() -> 42)).isEqualTo(42);

    lifetime.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> lifetime.use(() -> 42))
        .withMessage("this engine is closed; open another one");
  }

  @Test
  void whatComesTooLateIsClosedAtOnce() {
    lifetime.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> lifetime.register(resource("late")))
        .withMessage("this engine is closed; open another one");
    assertThat(closed).containsExactly("late");
  }

  @Test
  void oneFailureDoesNotKeepOthersOpen() {
    lifetime.register(resource("first"));
    lifetime.register(
        () -> {
          throw new IllegalArgumentException("stuck");
        });
    lifetime.register(resource("third"));

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(lifetime::close)
        .withMessage("this engine did not close cleanly")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1))
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("stuck"));
    assertThat(closed).containsExactly("third", "first");
    assertThatCode(lifetime::close).doesNotThrowAnyException();
  }

  @Test
  void aFailedUseLeavesTheOwnerOpen() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                lifetime.use(
                    () -> {
                      throw new IllegalStateException("run failed");
                    }))
        .withMessage("run failed");

    assertThat(lifetime.use(() -> "open")).isEqualTo("open");
    assertThatCode(lifetime::close).doesNotThrowAnyException();
  }

  @Test
  void closingWaitsForUsesInProgress() throws Exception {
    lifetime.register(resource("resource"));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<List<String>> use =
        CompletableFuture.supplyAsync(
            () ->
                lifetime.use(
                    () -> {
                      inside.countDown();
                      await(release);
                      return List.copyOf(closed);
                    }));
    inside.await();

    CompletableFuture<Void> close = CompletableFuture.runAsync(lifetime::close);

    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> close.get(SOON_MILLIS, TimeUnit.MILLISECONDS));
    release.countDown();
    close.get();
    assertThat(use.get()).isEmpty();
    assertThat(closed).containsExactly("resource");
  }

  @Test
  void usesDoNotExcludeEachOther() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Runnable meet =
        () ->
            lifetime.use(
                () -> {
                  both.countDown();
                  await(both);
                  return true;
                });

    CompletableFuture<Void> first = CompletableFuture.runAsync(meet);
    Thread second = new Thread(meet);
    second.start();

    first.get();
    second.join();
    assertThat(both.getCount()).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
