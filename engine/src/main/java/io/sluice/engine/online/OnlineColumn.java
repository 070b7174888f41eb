package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.memory.Slab;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A column of an online table and where it is found in a load's rows.
 *
 * @param ofKey whether the key has it
 * @param place within the key, or the values
 */
public record OnlineColumn(RowLayout layout, boolean ofKey, int place) {
  /**
   * @throws EngineException UNKNOWN_COLUMN, where the table is defined otherwise by now
   */
  public static OnlineColumn find(OnlineTable table, OnlineTable.Loaded loaded, String column) {
    int key = loaded.keyLayout().place(column);
    if (key >= 0) {
      return new OnlineColumn(loaded.keyLayout(), true, key);
    }
    int value = loaded.valueLayout().place(column);
    if (value >= 0) {
      return new OnlineColumn(loaded.valueLayout(), false, value);
    }
    throw new EngineException(
        ErrorCode.UNKNOWN_COLUMN,
        "online table "
            + table.name()
            + " has no column "
            + column
            + " any more; prepare the statement again");
  }

  /** The column's type. */
  public SqlType type() {
    return layout.type(place);
  }

  /**
   * Columns of the given rows, in memory that they share.
   *
   * @param values of the same numbers as the keys; one that is missing gives NULL
   * @param wanted numbers of rows, -1 for NULL
   * @param to receives columns of {@code count} rows, owned by the caller whether or not all are
   *     there
   */
  public static void read(
      List<OnlineColumn> columns,
      EncodedRows keys,
      EncodedRows values,
      int[] wanted,
      int count,
      BufferAllocator allocator,
      List<Column> to) {
    List<RowDecoder> decoders = new ArrayList<>(columns.size());
    long room = 0;
    for (OnlineColumn column : columns) {
      EncodedRows rows = column.ofKey ? keys : values;
      RowDecoder decoder = new RowDecoder(column.layout, column.place, rows, wanted, count);
      decoders.add(decoder);
      room += decoder.room();
    }
    try (Slab slab = new Slab(allocator, room)) {
      for (int i = 0; i < decoders.size(); i++) {
        to.add(new FlatColumn(columns.get(i).type(), decoders.get(i).read(slab, allocator)));
      }
    }
  }
}
