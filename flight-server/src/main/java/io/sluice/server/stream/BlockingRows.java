package io.sluice.server.stream;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.ResultStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Reads a result on a thread that may wait, as the embedded shell does. */
public final class BlockingRows {
  private BlockingRows() {}

  /** Takes rows as plain Arrow vectors, which are closed afterwards. */
  @FunctionalInterface
  public interface Consumer {
    void accept(List<FieldVector> columns, int rows);
  }

  /** Gives the consumer all rows of the stream, which stays open. */
  public static void forEach(ResultStream stream, BufferAllocator allocator, Consumer consumer) {
    while (true) {
      switch (stream.poll()) {
        case Poll.Finished ignored -> {
          return;
        }
        case Poll.Ready ready -> {
          try (PlainColumns columns = PlainColumns.of(ready.batch(), allocator)) {
            consumer.accept(columns.vectors(), columns.rows());
          }
        }
        case Poll.Blocked blocked -> await(blocked);
      }
    }
  }

  private static void await(Poll.Blocked blocked) {
    try {
      blocked.until().get();
    } catch (ExecutionException e) {
      // The next poll tells what went wrong.
      assert e.getCause() != null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.CANCELLED, "the statement was cancelled", e);
    }
  }
}
