package io.sluice.engine.operator.asof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodeSortTest {
  @Test
  void sortsRangesOfAllSizesAndSpans() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    CodeSort sort = new CodeSort();
    long[] spans = {1, 7, 1000, 1L << 30, 1L << 45, 1L << 62, 0};
    for (int count : new int[] {0, 1, 2, 24, 25, 100, 4096, 4097, 20_000}) {
      for (long span : spans) {
        int before = random.nextInt(5);
        long[] codes = new long[before + count + 3];
        int[] rows = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
          codes[i] = span == 0 ? random.nextLong() : random.nextLong(span) - span / 2;
          rows[i] = i;
        }
        long[] original = codes.clone();
        sort.sort(codes, rows, before, before + count);
        long[] expected = original.clone();
        Arrays.sort(expected, before, before + count);
        assertArrayEquals(expected, codes, () -> "seed " + seed + ", " + count + " of " + span);
        for (int i = 0; i < codes.length; i++) {
          assertEquals(original[rows[i]], codes[i], "seed " + seed);
        }
      }
    }
  }
}
