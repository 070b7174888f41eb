package io.sluice.engine.function.kernel;

/** Kernels of functions whose work per row outweighs a call. Only rows that are not NULL come. */
public final class RowLoops {
  private RowLoops() {}

  /** A row's VARCHAR or VARBINARY. */
  @FunctionalInterface
  public interface TextRow {
    /**
     * Appends the result of row {@code row}.
     *
     * @return false for NULL
     */
    boolean write(Values[] arguments, int row, TextSink out);
  }

  /** A row's integer, date, time, timestamp or interval. */
  @FunctionalInterface
  public interface LongRow {
    long apply(Values[] arguments, int row);
  }

  /** A row's BOOLEAN. */
  @FunctionalInterface
  public interface BooleanRow {
    boolean apply(Values[] arguments, int row);
  }

  /** A row's REAL or DOUBLE. */
  @FunctionalInterface
  public interface DoubleRow {
    double apply(Values[] arguments, int row);
  }

  /** The row to read of an argument. */
  public static int at(Values values, int row) {
    return values.isConstant() ? 0 : row;
  }

  public static Kernel text(TextRow function) {
    return (arguments, out, count) -> {
      TextSink sink = new TextSink(out);
      for (int i = 0; i < count; i++) {
        if (out.isNull(i)) {
          sink.skip(i);
          continue;
        }
        sink.start(i);
        if (function.write(arguments, i, sink)) {
          sink.end();
        } else {
          sink.endNull();
        }
      }
    };
  }

  public static Kernel longs(LongRow function) {
    return (arguments, out, count) -> {
      for (int i = 0; i < count; i++) {
        IntegerLoops.set(out, i, out.isNull(i) ? 0 : function.apply(arguments, i));
      }
    };
  }

  public static Kernel doubles(DoubleRow function) {
    return (arguments, out, count) -> {
      for (int i = 0; i < count; i++) {
        FloatLoops.set(out, i, out.isNull(i) ? 0 : function.apply(arguments, i));
      }
    };
  }

  public static Kernel booleans(BooleanRow function) {
    return (arguments, out, count) -> {
      for (int base = 0; base < count; base += 64) {
        int end = Math.min(64, count - base);
        long word = 0;
        for (int j = 0; j < end; j++) {
          int row = base + j;
          if (!out.isNull(row) && function.apply(arguments, row)) {
            word |= 1L << j;
          }
        }
        out.data().setLong(base >> 3, word);
      }
    };
  }
}
