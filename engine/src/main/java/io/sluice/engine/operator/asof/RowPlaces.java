package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Selection;

/**
 * Where rows lie in their table's order.
 *
 * @param order codes that are compared before the addresses, by column and row
 * @param addresses split ordinal and row number
 */
record RowPlaces(long[][] order, long[] addresses) {
  /** Which of two rows goes first. */
  int compare(int left, int right) {
    for (long[] codes : order) {
      int compared = Long.compare(codes[left], codes[right]);
      if (compared != 0) {
        return compared;
      }
    }
    return Long.compare(addresses[left], addresses[right]);
  }

  /** Of the chosen rows. */
  RowPlaces choose(Selection rows) {
    long[][] chosen = new long[order.length][];
    for (int c = 0; c < chosen.length; c++) {
      chosen[c] = choose(order[c], rows);
    }
    return new RowPlaces(chosen, choose(addresses, rows));
  }

  private static long[] choose(long[] values, Selection rows) {
    long[] chosen = new long[rows.count()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = values[rows.get(i)];
    }
    return chosen;
  }
}
