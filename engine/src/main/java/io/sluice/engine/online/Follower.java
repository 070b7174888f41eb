package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.SupportsFollowing;
import io.sluice.engine.connector.SupportsFollowing.Difference;
import io.sluice.engine.connector.SupportsOnlineTables;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.online.OnlineTable.Loaded;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one online table at the lake table's present state, on a thread of its own: looks at once
 * when it is told of a commit, else at every interval. Rows that were appended are read alone;
 * anything else is a load beside the rows that are served, which then take their place at once.
 */
final class Follower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final long MOST_INTERVALS_BETWEEN_FAILURES = 60;
  private static final long LEAST_SWEEP_NANOS = 1_000_000_000;
  private static final long SWEEPS_IN_A_LIFE = 20;

  /** In times that one sweep takes. */
  private static final long LEAST_PAUSE_OF_SWEEPS = 50;

  private final OnlineTable table;
  private final OnlineStore store;
  private final BufferAllocator allocator;
  private final Supplier<Optional<Relation>> lake;
  private final Duration interval;
  private final int threads;
  private final Runnable ended;
  private final Thread thread;

  /** Of the clock of {@link System#nanoTime}; used by the thread alone. */
  private long nextSweep = System.nanoTime();

  // Guarded by this.
  private long asked;
  private long answered;
  private boolean anew;
  private boolean stopped;

  /**
   * @param lake the lake table as it is now
   * @param threads of a load
   * @param ended called where the online table is no more
   */
  Follower(
      OnlineTable table,
      OnlineStore store,
      BufferAllocator allocator,
      Supplier<Optional<Relation>> lake,
      Duration interval,
      int threads,
      Runnable ended) {
    this.table = table;
    this.store = store;
    this.allocator = allocator;
    this.lake = lake;
    this.interval = interval;
    this.threads = threads;
    this.ended = ended;
    this.thread =
        Thread.ofPlatform().name("sluice-online-" + table.name()).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  OnlineTable table() {
    return table;
  }

  /** Looks at the lake as soon as it can. Never blocks. */
  synchronized long look() {
    notifyAll();
    return ++asked;
  }

  /** Loads everything again. */
  synchronized long loadAnew() {
    anew = true;
    return look();
  }

  /**
   * Waits until the lake was looked at after a request, and what was found is served.
   *
   * @throws EngineException why it is not, or CANCELLED
   */
  void await(long request) {
    synchronized (this) {
      while (answered < request && !stopped) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new EngineException(
              ErrorCode.CANCELLED,
              "stopped waiting for online table " + table.name() + "; its load goes on");
        }
      }
    }
    EngineException reason = table.error();
    if (reason != null) {
      throw reason;
    }
    if (table.state() == OnlineTable.State.DROPPED) {
      throw table.notServed();
    }
  }

  private void run() {
    int failures = 0;
    while (true) {
      long request;
      boolean fresh;
      synchronized (this) {
        if (stopped) {
          break;
        }
        request = asked;
        fresh = anew;
        anew = false;
      }
      boolean there = true;
      try {
        there = follow(fresh);
        sweep();
        failures = 0;
      } catch (EngineException known) {
        failures++;
        failed(known);
      } catch (RuntimeException | Error failure) {
        failures++;
        LOG.error("online table {} cannot follow its lake table", table.name(), failure);
        failed(
            new EngineException(
                ErrorCode.INTERNAL, "following the lake table failed: " + failure, failure));
      }
      synchronized (this) {
        answered = request;
        notifyAll();
        if (!there) {
          stopped = true;
        } else {
          pause(request, failures);
        }
      }
    }
    table.drop();
    ended.run();
  }

  private void failed(EngineException reason) {
    if (table.error() == null) {
      LOG.warn("online table {}: {}", table.name(), reason.getMessage());
    }
    table.failed(reason);
  }

  /** Waits for a request, or for the next look, which failures put off. */
  private synchronized void pause(long answeredRequest, int failures) {
    long intervals =
        failures == 0 ? 1 : Math.min(1L << Math.min(failures, 10), MOST_INTERVALS_BETWEEN_FAILURES);
    long until = System.nanoTime() + interval.multipliedBy(intervals).toNanos();
    try {
      for (long left = until - System.nanoTime();
          left > 0 && asked == answeredRequest && !stopped;
          left = until - System.nanoTime()) {
        wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  /**
   * @return whether the online table is still defined
   */
  private boolean follow(boolean fresh) {
    long asOf = OnlineTable.now();
    Relation relation = lake.get().orElse(null);
    if (!(relation instanceof SupportsOnlineTables.Mirrored mirrored)
        || mirrored.onlineDefinition().isEmpty()) {
      return false;
    }
    TableDefinition definition = mirrored.definition();
    OnlineSpec spec =
        OnlineSpec.of(
            table.lakeName(),
            definition,
            OnlineDefinition.parse(mirrored.onlineDefinition().get()));
    SupportsFollowing state = state(mirrored.snapshot(new TableVersion.Current()));
    BitSet shares = store.shares();
    Loaded served = table.present();
    if (fresh
        || served == null
        || !served.spec().equals(spec)
        || !served.uuid().equals(mirrored.uuid())
        || served.schemaId() != state.schemaId()
        || !served.rows().holds(shares)) {
      load(spec, mirrored.uuid(), state, shares, asOf);
    } else if (served.snapshotId() == state.snapshotId()) {
      table.confirm(asOf);
    } else {
      advance(served, spec, mirrored.uuid(), state, shares, asOf);
    }
    return true;
  }

  /** Frees expired rows, from time to time, and with a small part of a processor. */
  private void sweep() {
    Loaded served = table.present();
    if (served == null || System.nanoTime() - nextSweep < 0) {
      return;
    }
    served
        .rows()
        .lifeMicros()
        .ifPresent(
            life -> {
              long start = System.nanoTime();
              served.rows().sweep(OnlineTable.now());
              long took = System.nanoTime() - start;
              long pause = Math.max(life * 1000 / SWEEPS_IN_A_LIFE, took * LEAST_PAUSE_OF_SWEEPS);
              nextSweep = start + Math.max(pause, LEAST_SWEEP_NANOS);
            });
  }

  private static SupportsFollowing state(TableSnapshot snapshot) {
    if (snapshot instanceof SupportsFollowing following) {
      return following;
    }
    throw new EngineException(
        ErrorCode.UNSUPPORTED,
        snapshot.name() + " cannot have an online table: its catalog does not tell of changes");
  }

  private void advance(
      Loaded served,
      OnlineSpec spec,
      String uuid,
      SupportsFollowing state,
      BitSet shares,
      long asOf) {
    Difference difference = state.since(served.snapshotId());
    switch (difference) {
      case NONE -> table.serve(served.at(state), asOf);
      case APPENDED -> {
        RowLoad load = new RowLoad(spec, state.definition(), served.rows(), new LongAdder());
        try (TableScan scan = state.scanAppended(served.snapshotId(), load.request());
            BufferAllocator memory = allocator.newChildAllocator("following", 0, Long.MAX_VALUE)) {
          load.run(scan, memory, threads);
        }
        table.serve(served.at(state), asOf);
      }
      case OTHER -> load(spec, uuid, state, shares, asOf);
    }
  }

  private void load(
      OnlineSpec spec, String uuid, SupportsFollowing state, BitSet shares, long asOf) {
    long start = System.nanoTime();
    LongAdder progress = new LongAdder();
    table.loading(" of snapshot " + state.snapshotId());
    OnlineRows rows =
        new OnlineRows(
            spec.time(),
            shares,
            allocator.newChildAllocator("rows of " + table.name(), 0, Long.MAX_VALUE));
    boolean whole = false;
    try {
      RowLoad load = new RowLoad(spec, state.definition(), rows, progress);
      try (TableScan scan = state.scan(load.request());
          BufferAllocator memory = allocator.newChildAllocator("loading", 0, Long.MAX_VALUE)) {
        load.run(scan, memory, threads);
      }
      whole = true;
    } finally {
      if (!whole) {
        rows.close();
      }
    }
    table.serve(
        new Loaded(
            spec,
            RowLayout.of(spec.key()),
            RowLayout.of(spec.values()),
            rows,
            uuid,
            state.snapshotId(),
            state.sequence(),
            state.schemaId()),
        asOf);
    LOG.info(
        "online table {} serves snapshot {}: {} keys of {} rows, {} bytes, loaded in {} ms",
        table.name(),
        state.snapshotId(),
        rows.keys(),
        progress.sum(),
        rows.bytes(),
        (System.nanoTime() - start) / 1_000_000);
  }

  /** Stops following and frees the rows; waits for the thread. */
  @Override
  public void close() {
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
