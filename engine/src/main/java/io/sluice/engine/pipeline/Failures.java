package io.sluice.engine.pipeline;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.memory.QueryMemory;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/** What goes wrong in a task, as users see it. */
final class Failures {
  private Failures() {}

  static EngineException of(Throwable failure, String operator, QueryMemory memory) {
    return switch (failure) {
      case EngineException known -> known;
      case OutOfMemoryException e ->
          new EngineException(ErrorCode.MEMORY_LIMIT, limitMessage(operator, memory), e);
      case OutOfMemoryError e ->
          new EngineException(
              ErrorCode.MEMORY_LIMIT,
              "the process has no memory left for " + operator + ": " + e.getMessage(),
              e);
      default ->
          new EngineException(
              ErrorCode.INTERNAL, "unexpected failure in " + operator + ": " + failure, failure);
    };
  }

  private static String limitMessage(String operator, QueryMemory memory) {
    BufferAllocator root = memory.allocator().getRoot();
    boolean ownLimit =
        memory.limitBytes() - memory.allocatedBytes()
            <= root.getLimit() - root.getAllocatedMemory();
    return ownLimit
        ? "the query needs more than its limit of "
            + bytes(memory.limitBytes())
            + " (engine.memory.query-limit) in "
            + operator
            + "; raise the limit, or let fewer rows or columns reach this operator"
        : "all queries together need more than "
            + bytes(root.getLimit())
            + " (engine.memory.limit), this one in "
            + operator
            + "; raise the limit or try again when less is running";
  }

  /** As {@code 64 MiB}, exact where it is a multiple. */
  static String bytes(long bytes) {
    List<String> units = List.of("bytes", "KiB", "MiB", "GiB", "TiB");
    int unit = 0;
    long value = bytes;
    while (unit < units.size() - 1 && value >= 1024 && value % 1024 == 0) {
      value /= 1024;
      unit++;
    }
    return value + " " + units.get(unit);
  }

  /** Closes all, in order, and keeps the first failure with the others suppressed. */
  static void closeAll(Iterable<? extends AutoCloseable> resources) {
    Throwable first = null;
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Throwable e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    switch (first) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new EngineException(ErrorCode.INTERNAL, "cannot close: " + first, first);
    }
  }
}
