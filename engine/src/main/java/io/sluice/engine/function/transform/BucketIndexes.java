package io.sluice.engine.function.transform;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Values;
import org.apache.arrow.memory.ArrowBuf;

/**
 * How many of the constant bounds, all arguments but the first, do not exceed a value, less one:
 * the number of its bucket [bound, next bound), -1 below all, and the last bound's for what is at
 * or above it. Found by halving.
 */
public final class BucketIndexes implements Kernel {
  private final String function;
  private boolean checked;
  private long[] words = new long[0];

  public BucketIndexes(String function) {
    this.function = function;
  }

  @Override
  public void evaluate(Values[] arguments, Values out, int count) {
    Values column = arguments[0];
    boolean word = Constants.isWord(column.layout());
    if (!checked) {
      Constants.check(function, "bounds", arguments, 1);
      checkAscending(arguments, word);
      if (word) {
        words = new long[arguments.length - 1];
        for (int i = 0; i < words.length; i++) {
          words[i] = Constants.word(arguments[i + 1], 0);
        }
      }
      checked = true;
    }
    if (word) {
      ofWords(column, count, out);
    } else {
      ofOthers(arguments, count, out);
    }
  }

  private void checkAscending(Values[] arguments, boolean word) {
    for (int i = 2; i < arguments.length; i++) {
      Values before = arguments[i - 1];
      Values bound = arguments[i];
      boolean ascending =
          word
              ? Constants.word(before, 0) < Constants.word(bound, 0)
              : Constants.compare(before, 0, bound, 0) < 0;
      if (!ascending) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            function
                + ": bounds must ascend, and "
                + Constants.text(bound)
                + " follows "
                + Constants.text(before));
      }
    }
  }

  private void ofWords(Values column, int count, Values out) {
    ArrowBuf to = out.data();
    long[] bounds = words;
    boolean nulls = out.hasNulls();
    int mask = column.rowMask();
    for (int i = 0; i < count; i++) {
      long index = 0;
      if (!nulls || !out.isNull(i)) {
        index = notAbove(bounds, Constants.word(column, i & mask)) - 1L;
      }
      to.setLong((long) i << 3, index);
    }
  }

  private static int notAbove(long[] bounds, long value) {
    int from = 0;
    int left = bounds.length;
    while (left > 0) {
      int half = left >>> 1;
      boolean right = bounds[from + half] <= value;
      from = right ? from + half + 1 : from;
      left = right ? left - half - 1 : half;
    }
    return from;
  }

  private static void ofOthers(Values[] arguments, int count, Values out) {
    Values column = arguments[0];
    ArrowBuf to = out.data();
    int mask = column.rowMask();
    for (int i = 0; i < count; i++) {
      int from = 1;
      int end = arguments.length;
      while (from < end && !out.isNull(i)) {
        int middle = (from + end) >>> 1;
        if (Constants.compare(arguments[middle], 0, column, i & mask) <= 0) {
          from = middle + 1;
        } else {
          end = middle;
        }
      }
      to.setLong((long) i << 3, from - 2L);
    }
  }
}
