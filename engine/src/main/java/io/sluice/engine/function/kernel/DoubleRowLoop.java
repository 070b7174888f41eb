package io.sluice.engine.function.kernel;

/** The loop of {@link RowLoops#doubles}. */
final class DoubleRowLoop implements Kernel {
  private final RowLoops.DoubleRow function;

  DoubleRowLoop(RowLoops.DoubleRow function) {
    this.function = function;
  }

  @Override
  public void evaluate(Values[] arguments, Values out, int count) {
    boolean nulls = out.hasNulls();
    for (int i = 0; i < count; i++) {
      FloatLoops.set(out, i, nulls && out.isNull(i) ? 0 : function.apply(arguments, i));
    }
  }
}
