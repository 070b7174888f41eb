package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.operator.hash.KeyEncoder;
import io.sluice.engine.operator.hash.RowNumbers;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Reads batches into a {@link GroupState}: the groups of their rows, then the slots' values. */
final class GroupInput implements AutoCloseable {
  private final AggregateProgram program;
  private final GroupState state;
  private final BufferAllocator allocator;
  private final KeyEncoder encoder;
  private final DictionaryGroups dictionaryGroups = new DictionaryGroups();
  private final List<SlotValues> slots = new ArrayList<>();
  private int[] rows = new int[0];
  private int[] groups = new int[0];
  private int[] missing = new int[0];
  private int[] missingRows = new int[0];
  private int[] missingGroups = new int[0];

  GroupInput(AggregateProgram program, GroupState state, BufferAllocator allocator) {
    this.program = program;
    this.state = state;
    this.allocator = allocator;
    this.encoder = new KeyEncoder(program.keys(), allocator);
    for (Slot slot : program.slots()) {
      slots.add(new SlotValues(slot, program.slotTypes(slot), allocator));
    }
  }

  /** Takes in a batch, which stays the caller's. */
  void read(Batch batch) {
    int count = batch.rowCount();
    reserve(count);
    Selection selection = batch.selection();
    for (int i = 0; i < count; i++) {
      rows[i] = selection == null ? i : selection.get(i);
    }
    if (!program.hasKeys()) {
      // all in group 0, as the array was made
      update(batch, count);
      return;
    }
    for (int set = 0; set < program.groupingSets().size(); set++) {
      readSet(batch, set, count);
      update(batch, count);
    }
  }

  private void reserve(int count) {
    if (rows.length < count) {
      rows = new int[count];
      groups = new int[count];
      missing = new int[count];
      missingRows = new int[count];
      missingGroups = new int[count];
    }
  }

  private void update(Batch batch, int count) {
    state.resize();
    for (int s = 0; s < slots.size(); s++) {
      SlotValues values = slots.get(s);
      values.read(batch, rows, groups, count);
      DistinctRows distinct = state.distinct(s);
      if (distinct == null) {
        state.update(s, values);
      } else {
        List<Column> arguments = new ArrayList<>();
        for (int column : values.slot().columns()) {
          arguments.add(batch.column(column));
        }
        distinct.add(arguments, values.rows(), values.groups(), values.count());
      }
    }
  }

  private void readSet(Batch batch, int set, int count) {
    List<Column> constants = new ArrayList<>();
    try {
      List<Column> keys = new ArrayList<>();
      if (program.numbersSets()) {
        keys.add(constant(SqlType.INTEGER, (long) set, batch.length(), constants));
      }
      List<Integer> present = program.groupingSets().get(set);
      for (int position = 0; position < program.groups().size(); position++) {
        int column = program.groups().get(position);
        keys.add(
            present.contains(position)
                ? batch.column(column)
                : constant(program.inputType(column), null, batch.length(), constants));
      }
      findGroups(keys, count, batch.selection());
    } finally {
      constants.forEach(Column::close);
    }
  }

  private Column constant(
      SqlType type, @Nullable Object value, int length, List<Column> constants) {
    Column column = Cells.constant(type, value, length, allocator);
    constants.add(column);
    return column;
  }

  private void findGroups(List<Column> keys, int count, @Nullable Selection selection) {
    if (dictionaryGroups.fits(keys, count)) {
      int misses = dictionaryGroups.find(keys, rows, count, groups, missing);
      if (misses > 0) {
        learn(keys, misses, count);
      }
      return;
    }
    if (selection == null) {
      encoder.encode(keys, count);
    } else {
      encodeTaken(keys, selection);
    }
    state.table().add(encoder, groups);
  }

  private void learn(List<Column> keys, int misses, int count) {
    for (int m = 0; m < misses; m++) {
      missingRows[m] = rows[missing[m]];
    }
    try (Selection selection = RowNumbers.selection(missingRows, misses, allocator)) {
      encodeTaken(keys, selection);
      state.table().add(encoder, missingGroups);
    } catch (RuntimeException | Error failure) {
      dictionaryGroups.reset();
      throw failure;
    }
    dictionaryGroups.learn(missing, misses, missingGroups, groups, count);
  }

  private void encodeTaken(List<Column> keys, Selection selection) {
    List<Column> taken = new ArrayList<>();
    try {
      for (Column key : keys) {
        taken.add(key.take(selection, allocator));
      }
      encoder.encode(taken, selection.count());
    } finally {
      taken.forEach(Column::close);
    }
  }

  /** The group of no input at all, for empty grouping sets. */
  void addEmptySet(int set) {
    List<Column> keys = new ArrayList<>();
    try {
      constant(SqlType.INTEGER, (long) set, 1, keys);
      for (int column : program.groups()) {
        constant(program.inputType(column), null, 1, keys);
      }
      encoder.encode(keys, 1);
      reserve(1);
      state.table().add(encoder, missingGroups);
    } finally {
      keys.forEach(Column::close);
    }
  }

  @Override
  public void close() {
    encoder.close();
    slots.forEach(SlotValues::close);
  }
}
