package io.sluice.connectors.parquet;

/**
 * Wanted rows as spans to decode: rows that lie close together are decoded with what is between
 * them, which is cheaper than to stop and start.
 */
final class RowSpans {
  // Decoding a row takes some 2 ns, starting a span some 50.
  private static final int MAX_GAP = 24;

  private final int[] starts;
  private final int[] lengths;
  private final int[] positions;
  private int count;
  private int decoded;
  private int wanted;

  RowSpans(int maxWanted) {
    starts = new int[maxWanted];
    lengths = new int[maxWanted];
    positions = new int[maxWanted];
  }

  /**
   * Takes as many of {@code rows} from {@code from} on as fit, at most {@code maxWanted} of them
   * and about {@code maxDecoded} rows to decode.
   *
   * @return how many were taken, at least one
   */
  int plan(int[] rows, int from, int maxDecoded) {
    count = 0;
    decoded = 0;
    wanted = 0;
    int i = from;
    int end = -1;
    while (i < rows.length && wanted < positions.length) {
      int row = rows[i];
      int gap = row - end;
      if (count > 0 && gap <= MAX_GAP) {
        if (decoded + gap + 1 > maxDecoded) {
          break;
        }
        lengths[count - 1] += gap + 1;
        decoded += gap + 1;
      } else {
        if (count > 0 && decoded + 1 > maxDecoded) {
          break;
        }
        starts[count] = row;
        lengths[count] = 1;
        count++;
        decoded++;
      }
      positions[wanted++] = decoded - 1;
      end = row + 1;
      i++;
    }
    return wanted;
  }

  int count() {
    return count;
  }

  /** First row of a span. */
  int start(int span) {
    return starts[span];
  }

  int length(int span) {
    return lengths[span];
  }

  /** Rows of all spans. */
  int decoded() {
    return decoded;
  }

  /** Wanted rows. */
  int wanted() {
    return wanted;
  }

  /** Where among the decoded rows the wanted row {@code i} is. */
  int position(int i) {
    return positions[i];
  }
}
