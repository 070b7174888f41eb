package io.sluice.engine.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that all queries share. Of the queries with something to run, the one that has had
 * the least worker time goes first; one that comes new, or back after a pause, starts level with
 * the least. So a short query waits for no more than one slice of a running one.
 */
public final class Scheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

  static final long SLICE_NANOS = 20_000_000;

  /** A query's place in the order. Guarded by the scheduler's lock. */
  static final class Lane {
    private final Queue<Task> tasks = new ArrayDeque<>();
    private long usedNanos;
    private int running;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Lane> ready = new LinkedHashSet<>();
  private final List<Thread> threads = new ArrayList<>();
  private long leastNanos;
  private boolean closed;

  public Scheduler(int workers) {
    for (int i = 0; i < workers; i++) {
      Thread thread = new Thread(this::work, "sluice-worker-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  int workers() {
    return threads.size();
  }

  /** Whether the calling thread is one of the workers, which must not wait. */
  boolean isWorker() {
    return threads.contains(Thread.currentThread());
  }

  void enqueue(Task task) {
    lock.lock();
    try {
      Lane lane = task.query().lane();
      if (lane.tasks.isEmpty()) {
        if (lane.running == 0) {
          lane.usedNanos = Math.max(lane.usedNanos, leastNanos);
        }
        ready.add(lane);
      }
      lane.tasks.add(task);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (Task task = next(null, 0); task != null; ) {
      long start = System.nanoTime();
      try {
        task.run(this, start + SLICE_NANOS);
      } catch (Throwable failure) {
        // What a task does is guarded by itself; a worker must outlive even a defect in that.
        LOG.error("a task's end failed", failure);
        task.query().fail(Failures.of(failure, "a task's end", task.query().memory()));
      }
      task = next(task.query().lane(), System.nanoTime() - start);
    }
  }

  /** Accounts for the slice that has ended and takes the next task; null once closed. */
  private @Nullable Task next(@Nullable Lane ended, long nanos) {
    lock.lock();
    try {
      if (ended != null) {
        ended.running--;
        ended.usedNanos += nanos;
      }
      while (ready.isEmpty()) {
        if (closed) {
          return null;
        }
        changed.awaitUninterruptibly();
      }
      Lane least = ready.iterator().next();
      for (Lane lane : ready) {
        if (lane.usedNanos < least.usedNanos) {
          least = lane;
        }
      }
      leastNanos = Math.max(leastNanos, least.usedNanos);
      Task task = least.tasks.remove();
      if (least.tasks.isEmpty()) {
        ready.remove(least);
      }
      least.running++;
      return task;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the workers once nothing is queued; queries have been closed before. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
