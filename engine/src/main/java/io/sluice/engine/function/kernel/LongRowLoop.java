package io.sluice.engine.function.kernel;

import org.apache.arrow.memory.ArrowBuf;

/** The loop of {@link RowLoops#longs}. */
final class LongRowLoop implements Kernel {
  private final RowLoops.LongRow function;

  LongRowLoop(RowLoops.LongRow function) {
    this.function = function;
  }

  @Override
  public void evaluate(Values[] arguments, Values out, int count) {
    boolean nulls = out.hasNulls();
    if (out.layout() != Layout.INT64) {
      for (int i = 0; i < count; i++) {
        IntegerLoops.set(out, i, nulls && out.isNull(i) ? 0 : function.apply(arguments, i));
      }
      return;
    }
    ArrowBuf to = out.data();
    for (int i = 0; i < count; i++) {
      to.setLong((long) i << 3, nulls && out.isNull(i) ? 0 : function.apply(arguments, i));
    }
  }
}
