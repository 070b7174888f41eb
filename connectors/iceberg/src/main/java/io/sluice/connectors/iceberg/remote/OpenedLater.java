package io.sluice.connectors.iceberg.remote;

import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.pipeline.Poll;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A reader whose opening waits for another machine, and is left to a thread that may. */
public final class OpenedLater implements SplitReader {
  private final CompletableFuture<SplitReader> opening;
  private @Nullable SplitReader opened;

  /**
   * @param open may block; what it gives belongs to this
   */
  public OpenedLater(ReadPool pool, Supplier<SplitReader> open) {
    this.opening = pool.supply(open);
  }

  @Override
  public Poll poll() {
    if (!opening.isDone()) {
      return new Poll.Blocked(opening.handle((reader, failure) -> true));
    }
    return reader().poll();
  }

  private SplitReader reader() {
    SplitReader known = opened;
    if (known == null) {
      try {
        known = opening.join();
      } catch (CompletionException failed) {
        if (failed.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw failed;
      }
      opened = known;
    }
    return known;
  }

  @Override
  public long firstRow() {
    return reader().firstRow();
  }

  /** Waits where it is still being opened, since that takes memory of the scan's. */
  @Override
  public void close() {
    if (opening.handle((reader, failure) -> failure == null).join()) {
      reader().close();
    }
  }
}
