package io.sluice.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What may go wrong in the midst of any plan, tried at every place: an allocation fails, the query
 * is cancelled, a table throws, the reader goes away. Each time the query must end with the fitting
 * error, leave no byte and no reader, and the next query must work.
 *
 * <p>Use small tables with several splits: every fault runs the plan again. Allocation failures are
 * the sharpest tool: in a plan of a few hundred allocations each of them fails once.
 */
public final class OperatorFaults {
  private static final int ALL_FIRST = 300;

  private OperatorFaults() {}

  /** All faults, with one worker and with several. */
  public static void check(PhysicalPlan plan, MemoryTable... tables) {
    for (PlanRunner.Mode mode : List.of(new PlanRunner.Mode(1, 3), new PlanRunner.Mode(4, 3))) {
      allocationFailures(plan, mode, tables);
      cancellations(plan, mode, tables);
      throwingInputs(plan, mode, tables);
      readersThatLeave(plan, mode, tables);
    }
  }

  /** The n-th allocation or reservation fails, for every n until none does. */
  public static void allocationFailures(
      PhysicalPlan plan, PlanRunner.Mode mode, MemoryTable... tables) {
    boolean failed = true;
    for (int n = 0; failed; n = n < ALL_FIRST ? n + 1 : n + n / 10) {
      AtomicInteger left = new AtomicInteger(n);
      AllocationListener failing =
          new AllocationListener() {
            @Override
            public void onPreAllocation(long size) {
              if (left.getAndDecrement() == 0) {
                throw new OutOfMemoryException("injected failure of an allocation");
              }
            }
          };
      EngineException failure =
          attempt(plan, mode, failing, Integer.MAX_VALUE, batch -> {}, tables);
      failed = failure != null;
      if (failure != null) {
        assertEquals(ErrorCode.MEMORY_LIMIT, failure.code(), "allocation " + n + ": " + failure);
      }
    }
  }

  /** Cancelled when a table is asked for its n-th batch. */
  public static void cancellations(PhysicalPlan plan, PlanRunner.Mode mode, MemoryTable... tables) {
    for (int n = 0; n < 40; n++) {
      int at = n;
      AtomicReference<@Nullable QueryExecution> running = new AtomicReference<>();
      Fault cancel =
          new Fault(
              batch -> {
                QueryExecution execution = running.get();
                if (batch >= at && execution != null) {
                  execution.cancel();
                }
              });
      EngineException failure =
          attempt(plan, mode, AllocationListener.NOOP, Integer.MAX_VALUE, cancel, running, tables);
      if (failure != null) {
        assertEquals(ErrorCode.CANCELLED, failure.code(), "batch " + n + ": " + failure);
      }
    }
  }

  /** A table throws when it is asked for its n-th batch. */
  public static void throwingInputs(
      PhysicalPlan plan, PlanRunner.Mode mode, MemoryTable... tables) {
    for (int n = 0; n < 40; n++) {
      int at = n;
      EngineException failure =
          attempt(
              plan,
              mode,
              AllocationListener.NOOP,
              Integer.MAX_VALUE,
              batch -> {
                if (batch == at) {
                  throw new EngineException(ErrorCode.CORRUPT_FILE, "injected failure of a file");
                }
              },
              tables);
      if (failure != null) {
        assertEquals(ErrorCode.CORRUPT_FILE, failure.code(), "batch " + n + ": " + failure);
      }
    }
  }

  /** The reader closes the stream after n batches. */
  public static void readersThatLeave(
      PhysicalPlan plan, PlanRunner.Mode mode, MemoryTable... tables) {
    for (int n = 0; n < 10; n++) {
      EngineException failure =
          attempt(plan, mode, AllocationListener.NOOP, n, batch -> {}, tables);
      assertEquals(null, failure, () -> "after a reader left: " + failure);
    }
  }

  private record Fault(IntConsumer onBatch) implements IntConsumer {
    @Override
    public void accept(int batch) {
      onBatch.accept(batch);
    }
  }

  private static @Nullable EngineException attempt(
      PhysicalPlan plan,
      PlanRunner.Mode mode,
      AllocationListener listener,
      int batchesToRead,
      IntConsumer onBatch,
      MemoryTable... tables) {
    return attempt(plan, mode, listener, batchesToRead, onBatch, new AtomicReference<>(), tables);
  }

  private static @Nullable EngineException attempt(
      PhysicalPlan plan,
      PlanRunner.Mode mode,
      AllocationListener listener,
      int batchesToRead,
      IntConsumer onBatch,
      AtomicReference<@Nullable QueryExecution> running,
      MemoryTable... tables) {
    MemoryTable[] faulty = new MemoryTable[tables.length];
    for (int i = 0; i < tables.length; i++) {
      faulty[i] = tables[i].onBatch(onBatch);
    }
    EngineException failure = null;
    try (Engine engine =
        new Engine(PlanRunner.config(mode), new RootAllocator(listener, Long.MAX_VALUE))) {
      try (QueryExecution execution = engine.execute(plan, PlanRunner.context(faulty))) {
        running.set(execution);
        Batch batch = null;
        for (int i = 0; i < batchesToRead; i++) {
          batch = PlanRunner.next(execution);
          if (batch == null) {
            break;
          }
          batch.close();
        }
      } catch (EngineException e) {
        failure = e;
      }
      PlanRunner.assertNothingAllocated(engine);
      for (MemoryTable table : faulty) {
        assertEquals(0, table.openReaders(), "open readers of " + table.name());
      }
      assertTrue(engine.allocator().getChildAllocators().isEmpty(), "allocators left open");
    }
    return failure;
  }
}
