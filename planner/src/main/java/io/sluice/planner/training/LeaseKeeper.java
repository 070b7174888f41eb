package io.sluice.planner.training;

import io.sluice.engine.connector.TrainingDatasetStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews a build's lease, and tells others how far it is, until it is closed. */
final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  LeaseKeeper(TrainingDatasetStore.Build build, Duration lease, AtomicLong rows) {
    long pause = lease.toMillis() / 4;
    this.thread =
        Thread.ofVirtual()
            .name("training dataset lease")
            .start(
                () -> {
                  try {
                    while (!ended.await(pause, TimeUnit.MILLISECONDS)) {
                      renew(build, rows.get());
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  private static void renew(TrainingDatasetStore.Build build, long rows) {
    try {
      build.renew(rows);
    } catch (RuntimeException e) {
      // the next try comes before the lease ends; if none succeeds, completing the version fails
      LOG.warn("the lease of a training dataset could not be renewed", e);
    }
  }

  /** Returns when no renewal runs any more. */
  @Override
  public void close() {
    ended.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
