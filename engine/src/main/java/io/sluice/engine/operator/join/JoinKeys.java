package io.sluice.engine.operator.join;

import io.sluice.engine.operator.hash.KeyLayout;
import io.sluice.engine.operator.hash.KeyRows;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/** The keys of all build rows, by their numbers. Safe for all threads once filled. */
final class JoinKeys {
  private final KeyLayout layout;
  private final ArrowBuf[] states;
  private final ArrowBuf[] heaps;
  private final int[] rowsOfSegment;

  /** Rows that no key finds, as one of its columns is NULL. */
  final int[] unlinked;

  final int[] nullWords;
  final long least;
  final long greatest;
  final long rows;

  JoinKeys(KeyLayout layout, List<KeyStore> stores) {
    this.layout = layout;
    int segments = stores.stream().mapToInt(KeyStore::segments).sum();
    this.states = new ArrowBuf[segments];
    this.heaps = new ArrowBuf[segments];
    this.rowsOfSegment = new int[segments];
    this.unlinked = new int[stores.stream().mapToInt(KeyStore::unlinkedCount).sum()];
    this.nullWords = new int[stores.stream().mapToInt(KeyStore::nullWordCount).sum()];
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    long total = 0;
    int next = 0;
    int nextUnlinked = 0;
    int nextNull = 0;
    for (KeyStore store : stores) {
      int base = next << Segments.LOG;
      for (int i = 0; i < store.unlinkedCount(); i++) {
        unlinked[nextUnlinked++] = base + store.unlinked(i);
      }
      for (int i = 0; i < store.nullWordCount(); i++) {
        nullWords[nextNull++] = base + store.nullWord(i);
      }
      for (int s = 0; s < store.segments(); s++) {
        states[next] = store.states(s);
        heaps[next] = store.heap(s);
        rowsOfSegment[next++] = Math.min(Segments.ROWS, store.rows() - (s << Segments.LOG));
      }
      min = Math.min(min, store.least());
      max = Math.max(max, store.greatest());
      total += store.rows();
    }
    least = min;
    greatest = max;
    rows = total;
  }

  KeyLayout layout() {
    return layout;
  }

  int segments() {
    return states.length;
  }

  int rows(int segment) {
    return rowsOfSegment[segment];
  }

  /** One more than the greatest row number there may be. */
  long numbers() {
    return (long) states.length << Segments.LOG;
  }

  /** Of words. */
  long word(int id) {
    return states[id >>> Segments.LOG].getLong((long) (id & Segments.MASK) << 3);
  }

  /** Of rows. */
  long hash(int id) {
    return states[id >>> Segments.LOG].getLong(((long) (id & Segments.MASK) << 4) + 8);
  }

  /** Of rows: the buffer that holds the key. */
  ArrowBuf heap(int id) {
    return heaps[id >>> Segments.LOG];
  }

  /** Of rows: where the key starts. */
  long offset(int id) {
    return states[id >>> Segments.LOG].getLong((long) (id & Segments.MASK) << 4);
  }

  /**
   * Whether a key could equal a build row's if NULLs were known.
   *
   * @param nullSafe by column, whether NULL equals NULL
   */
  boolean mightMatch(ArrowBuf probe, long offset, int id, List<Boolean> nullSafe) {
    ArrowBuf build = heap(id);
    long buildOffset = offset(id);
    for (int c = 0; c < nullSafe.size(); c++) {
      boolean nullProbe = KeyRows.isNull(layout, c, probe, offset);
      boolean nullBuild = KeyRows.isNull(layout, c, build, buildOffset);
      if (nullProbe || nullBuild) {
        if (nullSafe.get(c) && nullProbe != nullBuild) {
          return false;
        }
      } else if (!KeyRows.equal(layout, c, probe, offset, build, buildOffset)) {
        return false;
      }
    }
    return true;
  }
}
