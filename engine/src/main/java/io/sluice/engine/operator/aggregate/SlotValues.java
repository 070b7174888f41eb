package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** A slot's rows of one batch after another: the group of each and the values of its arguments. */
final class SlotValues implements AutoCloseable {
  private final Slot slot;
  private final List<ArgumentValues> arguments;
  private final BufferAllocator allocator;
  private final boolean[] read;
  private List<? extends Column> columns = List.of();
  private int[] ownRows = new int[0];
  private int[] ownGroups = new int[0];
  private int[] rows = ownRows;
  private int[] groups = ownGroups;
  private int count;

  /**
   * @param types of the slot's columns
   */
  SlotValues(Slot slot, List<SqlType> types, BufferAllocator allocator) {
    this.slot = slot;
    this.allocator = allocator;
    List<ArgumentValues> values = new ArrayList<>();
    for (SqlType type : types) {
      values.add(new ArgumentValues(type, slot.asDouble(), allocator));
    }
    this.arguments = List.copyOf(values);
    this.read = new boolean[types.size()];
  }

  Slot slot() {
    return slot;
  }

  int count() {
    return count;
  }

  /** The group of each row that counts. */
  int[] groups() {
    return groups;
  }

  /** The physical rows that count. */
  int[] rows() {
    return rows;
  }

  /** The values of an argument in the rows that count, read when they are first asked for. */
  ArgumentValues argument(int i) {
    ArgumentValues values = arguments.get(i);
    if (!read[i]) {
      read[i] = true;
      values.read(columns.get(i), rows, count);
    }
    return values;
  }

  /** An argument's column as it came; {@link #rows} says which rows count. */
  Column column(int i) {
    return columns.get(i);
  }

  private void start(List<? extends Column> next) {
    columns = next;
    Arrays.fill(read, false);
  }

  /**
   * Reads a batch.
   *
   * @param selected physical rows
   * @param selectedGroups their groups
   */
  void read(Batch batch, int[] selected, int[] selectedGroups, int selectedCount) {
    List<Column> columns = new ArrayList<>();
    for (int column : slot.columns()) {
      columns.add(batch.column(column));
    }
    rows = selected;
    groups = selectedGroups;
    count = selectedCount;
    if (slot.filter() >= 0) {
      keepTrue(batch.column(slot.filter()));
    }
    readValid(columns);
  }

  /** Reads all rows of some columns, in place of a batch's. */
  void read(List<? extends Column> columns, int[] all, int[] allGroups, int allCount) {
    rows = all;
    groups = allGroups;
    count = allCount;
    readValid(columns);
  }

  private void readValid(List<? extends Column> next) {
    for (Column column : next) {
      keepValid(column);
    }
    start(next);
  }

  /** Reads arguments although the slot is distinct: of rows that are known to be. */
  void readDistinct(List<? extends Column> next, int[] all, int[] allGroups, int allCount) {
    rows = all;
    groups = allGroups;
    count = allCount;
    start(next);
  }

  private void keepTrue(Column column) {
    FieldVector vector = column.flatten(allocator);
    try {
      boolean nulls = vector.getNullCount() > 0;
      ArrowBuf data = vector.getDataBuffer();
      ArrowBuf validity = vector.getValidityBuffer();
      reserve();
      int kept = 0;
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        int group = groups[i];
        int keep = BitVectorHelper.get(data, row);
        if (nulls) {
          keep &= BitVectorHelper.get(validity, row);
        }
        ownRows[kept] = row;
        ownGroups[kept] = group;
        kept += keep;
      }
      adopt(kept);
    } finally {
      vector.close();
    }
  }

  private void keepValid(Column column) {
    switch (column) {
      case FlatColumn flat when flat.type().kind() == SqlType.Kind.NULL -> count = 0;
      case FlatColumn flat -> {
        if (flat.vector().getNullCount() > 0) {
          keepValid(flat.vector().getValidityBuffer());
        }
      }
      case DictionaryColumn dictionary -> {
        if (dictionary.indices().getNullCount() > 0) {
          keepValid(dictionary.indices().getValidityBuffer());
        }
      }
      case ConstantColumn constant -> {
        if (constant.isNull(0)) {
          count = 0;
        }
      }
    }
  }

  private void keepValid(ArrowBuf validity) {
    reserve();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      int group = groups[i];
      ownRows[kept] = row;
      ownGroups[kept] = group;
      kept += BitVectorHelper.get(validity, row);
    }
    adopt(kept);
  }

  private void reserve() {
    if (ownRows.length < count) {
      ownRows = new int[count];
      ownGroups = new int[count];
    }
  }

  private void adopt(int kept) {
    rows = ownRows;
    groups = ownGroups;
    count = kept;
  }

  @Override
  public void close() {
    arguments.forEach(ArgumentValues::close);
  }
}
