package io.sluice.engine.online;

import io.sluice.engine.connector.ColumnDefinition;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of one batch stand in the order of their keys' rows, and which do not count at
 * all: those with NULL in the key or in the event time. Used by one thread.
 */
final class RowRanks {
  private long[] times = new long[0];
  private long[] sequences = new long[0];
  private long[] rowIds = new long[0];
  private boolean[] absent = new boolean[0];

  boolean isAbsent(int row) {
    return absent[row];
  }

  long time(int row) {
    return times[row];
  }

  long sequence(int row) {
    return sequences[row];
  }

  long rowId(int row) {
    return rowIds[row];
  }

  /**
   * @param time null where rows have none
   * @param rowId NULL in rows that no id was given to, and null where the format has none
   * @param address orders the rows of one commit that have no id
   */
  void read(
      List<FieldVector> key,
      @Nullable FieldVector time,
      @Nullable ColumnDefinition timeColumn,
      FieldVector sequence,
      @Nullable FieldVector rowId,
      FieldVector address,
      int count) {
    if (times.length < count) {
      times = new long[count];
      sequences = new long[count];
      rowIds = new long[count];
      absent = new boolean[count];
    }
    for (int i = 0; i < count; i++) {
      absent[i] = false;
      times[i] = 0;
    }
    key.forEach(column -> markNulls(column, count));
    if (time != null && timeColumn != null) {
      markNulls(time, count);
      readTimes(time, RowTime.factor(timeColumn.type()), count);
    }
    ArrowBuf sequenceData = sequence.getDataBuffer();
    ArrowBuf addressData = address.getDataBuffer();
    for (int i = 0; i < count; i++) {
      sequences[i] = sequenceData.getLong((long) i << 3);
      // below all ids
      rowIds[i] = Long.MIN_VALUE + addressData.getLong((long) i << 3);
    }
    if (rowId != null) {
      for (int i = 0; i < count; i++) {
        if (!rowId.isNull(i)) {
          rowIds[i] = rowId.getDataBuffer().getLong((long) i << 3);
        }
      }
    }
  }

  private void markNulls(FieldVector column, int count) {
    if (column.getNullCount() > 0) {
      for (int i = 0; i < count; i++) {
        absent[i] |= column.isNull(i);
      }
    }
  }

  private void readTimes(FieldVector time, long factor, int count) {
    ArrowBuf data = time.getDataBuffer();
    if (factor == 1) {
      for (int i = 0; i < count; i++) {
        times[i] = data.getLong((long) i << 3);
      }
    } else {
      for (int i = 0; i < count; i++) {
        times[i] = data.getInt((long) i << 2) * factor;
      }
    }
  }
}
