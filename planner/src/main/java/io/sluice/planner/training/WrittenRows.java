package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.TableWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows that {@link DatasetSql#build} gives, in its order: writes those of the dataset,
 * counts those that are left out, and notices keys that come twice, which that order puts side by
 * side.
 */
final class WrittenRows {
  private static final int EXAMPLES = 3;

  private final List<String> key;
  private final List<Integer> keyColumns;
  private final int stored;
  private final BufferAllocator allocator;
  private final TableWrite write;
  private final AtomicLong progress;
  private final Map<String, Long> leftOut = new TreeMap<>();
  private final Map<String, List<String>> examples = new TreeMap<>();
  private final List<String> duplicates = new ArrayList<>();
  private long duplicateRows;
  private long lastOrder;
  private @Nullable List<@Nullable Object> lastKey;

  /**
   * @param columns of a stored row
   * @param progress is told the rows written
   */
  WrittenRows(
      DatasetDefinition definition,
      List<String> columns,
      BufferAllocator allocator,
      TableWrite write,
      AtomicLong progress) {
    this.key = definition.key();
    this.keyColumns = key.stream().map(columns::indexOf).toList();
    this.stored = columns.size();
    this.allocator = allocator;
    this.write = write;
    this.progress = progress;
  }

  /** Takes and closes the batch. */
  void accept(Batch batch) {
    try (batch) {
      Selection kept = kept(batch);
      Batch rows;
      try {
        rows = rows(batch, kept);
      } catch (RuntimeException | Error failure) {
        if (kept != null) {
          kept.close();
        }
        throw failure;
      }
      if (rows.rowCount() == 0) {
        rows.close();
        return;
      }
      progress.addAndGet(rows.rowCount());
      write.write(rows);
    }
  }

  private Batch rows(Batch batch, @Nullable Selection kept) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < stored; i++) {
      columns.add(batch.column(i).share());
    }
    Selection old = batch.selection();
    return new Batch(
        columns, batch.length(), kept != null ? kept : old == null ? null : old.share());
  }

  /** The rows that are not left out, or null for all. */
  private @Nullable Selection kept(Batch batch) {
    Column out = batch.column(stored);
    Column order = batch.column(stored + 1);
    Selection old = batch.selection();
    int count = batch.rowCount();
    ArrowBuf rows = allocator.buffer((long) Math.max(1, count) << 2);
    try {
      int kept = 0;
      for (int i = 0; i < count; i++) {
        int row = old == null ? i : old.get(i);
        if (out.isNull(row)) {
          rows.setInt((long) kept++ << 2, row);
          checkKey(batch, row, order);
        } else {
          leaveOut(batch, row, String.valueOf(Cells.get(out, row)));
        }
      }
      if (kept == count) {
        rows.close();
        return null;
      }
      return new Selection(rows, kept);
    } catch (RuntimeException | Error failure) {
      rows.close();
      throw failure;
    }
  }

  private void leaveOut(Batch batch, int row, String reason) {
    leftOut.merge(reason, 1L, Long::sum);
    List<String> some = examples.computeIfAbsent(reason, r -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(text(keyOf(batch, row)));
    }
  }

  private void checkKey(Batch batch, int row, Column order) {
    Object digest = Cells.get(order, row);
    long now = digest instanceof Long number ? number : 0;
    List<@Nullable Object> last = lastKey;
    if (last != null && now == lastOrder) {
      List<@Nullable Object> current = keyOf(batch, row);
      if (equal(last, current)) {
        duplicateRows++;
        if (duplicates.size() < EXAMPLES && !duplicates.contains(text(current))) {
          duplicates.add(text(current));
        }
      }
      lastKey = current;
    } else {
      lastKey = keyOf(batch, row);
    }
    lastOrder = now;
  }

  private static boolean equal(List<@Nullable Object> a, List<@Nullable Object> b) {
    for (int i = 0; i < a.size(); i++) {
      Object x = a.get(i);
      Object y = b.get(i);
      boolean same =
          (x instanceof byte[] bytes && y instanceof byte[] others)
              ? java.util.Arrays.equals(bytes, others)
              : java.util.Objects.equals(x, y);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private List<@Nullable Object> keyOf(Batch batch, int row) {
    List<@Nullable Object> cells = new ArrayList<>();
    for (int column : keyColumns) {
      cells.add(Cells.get(batch.column(column), row));
    }
    return cells;
  }

  private String text(List<@Nullable Object> cells) {
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < cells.size(); i++) {
      out.append(i == 0 ? "" : ", ").append(key.get(i)).append(" = ").append(cells.get(i));
    }
    return out.append(')').toString();
  }

  /**
   * The rows that are rightly left out, by reason.
   *
   * @throws EngineException where a row must not be there
   */
  Map<String, Long> leftOut() {
    for (Map.Entry<String, Long> entry : leftOut.entrySet()) {
      String problem = DatasetSql.problem(entry.getKey());
      if (problem != null) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            entry.getValue()
                + " rows "
                + problem
                + "; for example "
                + String.join(", ", examples.getOrDefault(entry.getKey(), List.of())));
      }
    }
    if (duplicateRows > 0) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "KEY ("
              + String.join(", ", key)
              + ") does not identify a row: "
              + duplicateRows
              + " rows repeat the key of another; for example "
              + String.join(", ", duplicates));
    }
    return leftOut;
  }
}
