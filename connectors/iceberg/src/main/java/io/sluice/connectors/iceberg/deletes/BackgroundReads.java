package io.sluice.connectors.iceberg.deletes;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Reads on threads of their own, a few at a time, so that no worker waits for storage. */
final class BackgroundReads implements AutoCloseable {
  private final Semaphore permits = new Semaphore(Runtime.getRuntime().availableProcessors());
  private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** The future fails with what the read fails with. */
  <T> CompletableFuture<T> start(Supplier<T> read) {
    CompletableFuture<T> result = new CompletableFuture<>();
    running.add(result);
    Thread.startVirtualThread(
        () -> {
          permits.acquireUninterruptibly();
          try {
            checkOpen();
            result.complete(read.get());
          } catch (RuntimeException | Error failure) {
            result.completeExceptionally(failure);
          } finally {
            permits.release();
            running.remove(result);
          }
        });
    return result;
  }

  /** To be called from time to time by what runs long. */
  void checkOpen() {
    if (closed) {
      throw new EngineException(ErrorCode.CANCELLED, "the scan was closed while it was read");
    }
  }

  /** Returns when nothing runs any more. */
  @Override
  public void close() {
    closed = true;
    while (!running.isEmpty()) {
      for (CompletableFuture<?> read : running) {
        read.handle((result, failure) -> true).join();
        running.remove(read);
      }
    }
  }
}
