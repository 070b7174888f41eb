package io.sluice.engine.function.kernel;

/**
 * Kernels of functions that are written for one row; see {@link LoopCopies} for what becomes of the
 * call. Only rows that are not NULL come.
 */
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
    return LoopCopies.copy(TextRowLoop.class, TextRow.class, function);
  }

  public static Kernel longs(LongRow function) {
    return LoopCopies.copy(LongRowLoop.class, LongRow.class, function);
  }

  public static Kernel doubles(DoubleRow function) {
    return LoopCopies.copy(DoubleRowLoop.class, DoubleRow.class, function);
  }

  public static Kernel booleans(BooleanRow function) {
    return LoopCopies.copy(BooleanRowLoop.class, BooleanRow.class, function);
  }
}
