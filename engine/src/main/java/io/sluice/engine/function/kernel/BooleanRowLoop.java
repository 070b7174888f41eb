package io.sluice.engine.function.kernel;

/** The loop of {@link RowLoops#booleans}. */
final class BooleanRowLoop implements Kernel {
  private final RowLoops.BooleanRow function;

  BooleanRowLoop(RowLoops.BooleanRow function) {
    this.function = function;
  }

  @Override
  public void evaluate(Values[] arguments, Values out, int count) {
    boolean nulls = out.hasNulls();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int row = base + j;
        if (!(nulls && out.isNull(row)) && function.apply(arguments, row)) {
          word |= 1L << j;
        }
      }
      out.data().setLong(base >> 3, word);
    }
  }
}
