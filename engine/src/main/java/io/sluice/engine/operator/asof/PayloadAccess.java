package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.pipeline.Poll;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Reads the winning rows alone: by row numbers, or, where most of a split has won, all of it with a
 * selection. Batches carry the position of their first winner.
 */
final class PayloadAccess implements LateScan.SplitAccess {
  private static final double MOST = 0.6;

  private final Supplier<Winners> winners;

  PayloadAccess(Supplier<Winners> winners) {
    this.winners = winners;
  }

  @Override
  public List<ScanSplit> choose(List<ScanSplit> all) {
    Set<Integer> wanted = new HashSet<>(winners.get().ordinals());
    return all.stream().filter(split -> wanted.contains(split.ordinal())).toList();
  }

  @Override
  public SplitReader open(
      TableScan scan, ScanSplit split, BufferAllocator allocator, int batchRows) {
    Winners known = winners.get();
    int count = known.count(split.ordinal());
    int first = known.firstPosition(split.ordinal());
    if (count >= split.rows() * MOST) {
      SplitReader all = scan.open(split, allocator, batchRows);
      return new SelectedRows(all, split, known, allocator, first);
    }
    int[] rows = known.rows(split.ordinal(), 0, split.rows());
    return new CountedRows(scan.fetch(split, rows, allocator, batchRows), first);
  }

  @Override
  public long mark(ScanSplit split, SplitReader reader) {
    return reader.firstRow();
  }

  /** A reader of chosen rows whose first row is a position. */
  private static final class CountedRows implements SplitReader {
    private final SplitReader chosen;
    private long position;
    private long next;

    CountedRows(SplitReader chosen, int first) {
      this.chosen = chosen;
      this.next = first;
    }

    @Override
    public Poll poll() {
      Poll polled = chosen.poll();
      if (polled instanceof Poll.Ready ready) {
        position = next;
        next += ready.batch().rowCount();
      }
      return polled;
    }

    @Override
    public long firstRow() {
      return position;
    }

    @Override
    public void close() {
      chosen.close();
    }
  }

  /** A reader of all rows that selects the winners. */
  private static final class SelectedRows implements SplitReader {
    private final SplitReader all;
    private final ScanSplit split;
    private final Winners winners;
    private final BufferAllocator allocator;
    private long position;
    private long next;

    SelectedRows(
        SplitReader all, ScanSplit split, Winners winners, BufferAllocator allocator, int first) {
      this.all = all;
      this.split = split;
      this.winners = winners;
      this.allocator = allocator;
      this.next = first;
    }

    @Override
    public Poll poll() {
      Poll polled = all.poll();
      if (!(polled instanceof Poll.Ready ready)) {
        return polled;
      }
      Batch batch = ready.batch();
      try {
        long start = all.firstRow();
        int[] rows = winners.rows(split.ordinal(), start, start + batch.length());
        position = next;
        next += rows.length;
        Selection won = selection(rows, start);
        Selection visible = batch.selection();
        if (visible != null) {
          visible.close();
        }
        return new Poll.Ready(new Batch(batch.columns(), batch.length(), won));
      } catch (RuntimeException | Error failure) {
        batch.close();
        throw failure;
      }
    }

    private Selection selection(int[] rows, long start) {
      ArrowBuf numbers = allocator.buffer(Math.max(4, rows.length * 4L));
      for (int i = 0; i < rows.length; i++) {
        numbers.setInt((long) i << 2, (int) (rows[i] - start));
      }
      return new Selection(numbers, rows.length);
    }

    @Override
    public long firstRow() {
      return position;
    }

    @Override
    public void close() {
      all.close();
    }
  }
}
