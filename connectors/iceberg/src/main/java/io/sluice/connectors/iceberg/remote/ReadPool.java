package io.sluice.connectors.iceberg.remote;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The threads that wait for other machines, so that workers need not: few for all scans together.
 */
public final class ReadPool implements AutoCloseable {
  private static final int THREADS = 16;

  private final ExecutorService threads;

  public ReadPool() {
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "remote-read-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Runs the task as soon as a thread is free. */
  CompletableFuture<Void> run(Runnable task) {
    return CompletableFuture.runAsync(task, threads);
  }

  /**
   * Does the same with many things side by side, and waits; for threads that may block.
   *
   * @throws RuntimeException the first that fails, once no task runs any more
   */
  public <T> void forEach(Collection<T> things, Consumer<T> work) {
    if (things.size() < 2) {
      things.forEach(work);
      return;
    }
    Collection<Future<?>> running =
        things.stream().<Future<?>>map(each -> threads.submit(() -> work.accept(each))).toList();
    RuntimeException failure = null;
    for (Future<?> each : running) {
      try {
        if (failure == null) {
          each.get();
        } else {
          each.cancel(true);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new IllegalStateException("interrupted while files are read", e);
      } catch (ExecutionException e) {
        failure =
            e.getCause() instanceof RuntimeException known
                ? known
                : new IllegalStateException(e.getCause());
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
