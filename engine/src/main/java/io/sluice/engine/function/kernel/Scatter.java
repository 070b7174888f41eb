package io.sluice.engine.function.kernel;

import io.sluice.engine.batch.Interleave;
import io.sluice.engine.batch.StringCopy;
import io.sluice.engine.batch.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Puts together a result whose rows come from several places. */
public final class Scatter {
  private Scatter() {}

  /**
   * The rows that one place contributes.
   *
   * @param values flat or constant
   * @param positions int32 rows of the result, ascending
   * @param count of positions
   * @param sources int32 rows of the values, or null for one after the other
   */
  public record Part(Values values, ArrowBuf positions, int count, @Nullable ArrowBuf sources) {
    private int row(int i) {
      ArrowBuf rows = sources;
      return values.isConstant() ? 0 : rows == null ? i : rows.getInt((long) i << 2);
    }

    private int position(int i) {
      return positions.getInt((long) i << 2);
    }
  }

  /** All parts together into {@code out}, {@code rows} rows; every row is in one part. */
  public static void assemble(List<Part> parts, int rows, Values out) {
    if (out.layout() == Layout.NESTED) {
      nested(parts, rows, out);
      return;
    }
    out.begin(rows);
    for (Part part : parts) {
      if (part.values.hasNulls()) {
        for (int i = 0; i < part.count; i++) {
          if (part.values.isNull(part.row(i))) {
            out.setNull(part.position(i));
          }
        }
      }
      fixed(part, out);
    }
    if (out.layout() == Layout.BYTES) {
      bytes(parts, rows, out);
    }
  }

  private static void fixed(Part part, Values out) {
    ArrowBuf from = part.values.data();
    ArrowBuf to = out.data();
    int count = part.count;
    switch (out.layout()) {
      case BIT -> {
        for (int i = 0; i < count; i++) {
          Bits.set(to, part.position(i), Bits.get(from, part.row(i)));
        }
      }
      case INT8 -> {
        for (int i = 0; i < count; i++) {
          to.setByte(part.position(i), from.getByte(part.row(i)));
        }
      }
      case INT16 -> {
        for (int i = 0; i < count; i++) {
          to.setShort((long) part.position(i) << 1, from.getShort((long) part.row(i) << 1));
        }
      }
      case INT32, FLOAT32 -> {
        for (int i = 0; i < count; i++) {
          to.setInt((long) part.position(i) << 2, from.getInt((long) part.row(i) << 2));
        }
      }
      case INT64, FLOAT64 -> {
        for (int i = 0; i < count; i++) {
          to.setLong((long) part.position(i) << 3, from.getLong((long) part.row(i) << 3));
        }
      }
      case INT128, FIXED16 -> {
        for (int i = 0; i < count; i++) {
          long target = (long) part.position(i) << 4;
          long source = (long) part.row(i) << 4;
          to.setLong(target, from.getLong(source));
          to.setLong(target + 8, from.getLong(source + 8));
        }
      }
      case BYTES -> {
        // Where each row ends is known once all lengths are: they stand in its place till then.
        for (int i = 0; i < count; i++) {
          int row = part.row(i);
          int length = part.values.isNull(row) ? 0 : part.values.end(row) - part.values.start(row);
          out.offsets().setInt((part.position(i) + 1L) << 2, length);
        }
      }
      case NONE -> {}
      case NESTED -> throw new AssertionError(out.type());
    }
  }

  private static void bytes(List<Part> parts, int rows, Values out) {
    long total = 0;
    for (int i = 0; i < rows; i++) {
      total += out.offsets().getInt((i + 1L) << 2);
    }
    if (total > Integer.MAX_VALUE) {
      throw TextSink.tooLong(total);
    }
    out.room((int) total);
    for (int i = 0; i < rows; i++) {
      out.endRow(i, out.offsets().getInt((i + 1L) << 2));
    }
    for (Part part : parts) {
      ArrowBuf from = part.values.data();
      for (int i = 0; i < part.count; i++) {
        int position = part.position(i);
        int start = out.start(position);
        int length = out.end(position) - start;
        if (length > 0) {
          StringCopy.copy(from, part.values.start(part.row(i)), out.data(), start, length);
        }
      }
    }
  }

  private static void nested(List<Part> parts, int rows, Values out) {
    int[] part = new int[rows];
    int[] row = new int[rows];
    try (FieldVector none = Vectors.nulls(out.type(), 1, out.allocator())) {
      List<FieldVector> sources = new ArrayList<>(parts.size());
      for (int p = 0; p < parts.size(); p++) {
        Part source = parts.get(p);
        sources.add(source.values.isConstantNull() ? none : source.values.vector());
        for (int i = 0; i < source.count; i++) {
          part[source.position(i)] = p;
          row[source.position(i)] = source.row(i);
        }
      }
      out.own(Interleave.gather(sources, part, row, rows, out.allocator()), false, rows);
    }
  }
}
