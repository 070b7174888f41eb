package io.sluice.engine.function.kernel;

/** The loop of {@link RowLoops#text}. */
final class TextRowLoop implements Kernel {
  private final RowLoops.TextRow function;

  TextRowLoop(RowLoops.TextRow function) {
    this.function = function;
  }

  @Override
  public void evaluate(Values[] arguments, Values out, int count) {
    TextSink sink = new TextSink(out);
    boolean nulls = out.hasNulls();
    for (int i = 0; i < count; i++) {
      if (nulls && out.isNull(i)) {
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
  }
}
