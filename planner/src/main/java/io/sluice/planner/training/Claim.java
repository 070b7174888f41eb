package io.sluice.planner.training;

import io.sluice.engine.connector.TrainingDatasetStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A version that this process is building, and its lease. Closing it before it is complete leaves
 * neither the version nor tags that only it needs.
 */
final class Claim implements AutoCloseable {
  private static final int USUAL_SECONDS = 60;

  /**
   * How long a builder may be silent before others take it for dead; the system property {@code
   * sluice.training.lease-seconds} sets it.
   */
  static final Duration LEASE =
      Duration.ofSeconds(
          Math.max(1, Integer.getInteger("sluice.training.lease-seconds", USUAL_SECONDS)));

  private final VersionRecord record;
  private final TrainingDatasetStore.Build build;
  private final Pins pins;
  private final AtomicLong progress = new AtomicLong();
  private final LeaseKeeper lease;
  private VersionRecord pinned;
  private boolean complete;

  Claim(VersionRecord record, TrainingDatasetStore.Build build, Pins pins) {
    this.record = record;
    this.build = build;
    this.pins = pins;
    this.pinned = record;
    this.lease = new LeaseKeeper(build, LEASE, progress);
  }

  Pins pins() {
    return pins;
  }

  VersionRecord record() {
    return record;
  }

  TrainingDatasetStore.Build build() {
    return build;
  }

  /** Rows written so far. */
  AtomicLong progress() {
    return progress;
  }

  /** Remembers the tags that have been set. */
  void pinned(VersionRecord withTags) {
    pinned = withTags;
  }

  /** Makes the version visible. */
  void complete(VersionRecord finished) {
    lease.close();
    build.complete(RecordJson.write(finished), finished.storage().equals("materialized"));
    complete = true;
  }

  @Override
  public void close() {
    lease.close();
    if (complete) {
      return;
    }
    // catalogs refuse to work for an interrupted thread, which a cancelled statement's is
    boolean interrupted = Thread.interrupted();
    try {
      build.close();
      pins.release(pinned);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
