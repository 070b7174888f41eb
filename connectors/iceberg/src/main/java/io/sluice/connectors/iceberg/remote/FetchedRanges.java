package io.sluice.connectors.iceberg.remote;

import io.sluice.connectors.parquet.ParquetInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.io.InputFile;
import org.jspecify.annotations.Nullable;

/**
 * One reader's view of a remote file: ranges are fetched side by side into the reader's memory
 * before they are read. Used by one thread, but for the fetching.
 */
final class FetchedRanges implements ParquetInput {
  /** Gaps between ranges that are cheaper to read than another request. */
  private static final long COALESCE_GAP = 1 << 20;

  static final int MAX_READ = 8 << 20;

  private final ParquetInput whole;
  private final InputFile file;
  private final ReadPool pool;
  private final BufferAllocator allocator;
  private final List<Segment> segments = new ArrayList<>();

  FetchedRanges(ParquetInput whole, InputFile file, ReadPool pool, BufferAllocator allocator) {
    this.whole = whole;
    this.file = file;
    this.pool = pool;
    this.allocator = allocator;
  }

  @Override
  public String path() {
    return whole.path();
  }

  @Override
  public long length() {
    return whole.length();
  }

  @Override
  public CompletableFuture<?> prefetch(List<Range> ranges) {
    for (Range range : coalesced(ranges)) {
      fetch(range);
    }
    return CompletableFuture.allOf(
        segments.stream().map(segment -> segment.done).toArray(CompletableFuture[]::new));
  }

  private static List<Range> coalesced(List<Range> ranges) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Range::offset));
    List<Range> joined = new ArrayList<>();
    for (Range range : sorted) {
      Range last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && range.offset() - end(last) <= COALESCE_GAP) {
        long end = Math.max(end(last), end(range));
        joined.set(joined.size() - 1, new Range(last.offset(), end - last.offset()));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  private static long end(Range range) {
    return range.offset() + range.length();
  }

  /** In pieces of about equal size, unless it is here already or on its way. */
  private void fetch(Range range) {
    if (range.length() == 0 || covers(range.offset(), range.length())) {
      return;
    }
    long pieces = (range.length() + MAX_READ - 1) / MAX_READ;
    long size = (range.length() + pieces - 1) / pieces;
    for (long start = range.offset(); start < end(range); start += size) {
      int length = (int) Math.min(size, end(range) - start);
      Segment segment = new Segment(start, length, allocator.buffer(length));
      segments.add(segment);
      segment.start();
    }
  }

  private boolean covers(long offset, long length) {
    long at = offset;
    while (at < offset + length) {
      Segment segment = segment(at);
      if (segment == null) {
        return false;
      }
      at = segment.offset + segment.length;
    }
    return true;
  }

  private @Nullable Segment segment(long position) {
    for (Segment segment : segments) {
      if (position >= segment.offset && position < segment.offset + segment.length) {
        return segment;
      }
    }
    return null;
  }

  @Override
  public void readFully(long offset, long length, ArrowBuf target, long targetOffset) {
    if (!covers(offset, length)) {
      whole.readFully(offset, length, target, targetOffset);
      return;
    }
    long done = 0;
    while (done < length) {
      Segment segment = segment(offset + done);
      if (segment == null) {
        throw new AssertionError(offset);
      }
      long from = offset + done - segment.offset;
      long count = Math.min(length - done, segment.length - from);
      target.setBytes(targetOffset + done, segment.fetched(), from, count);
      done += count;
    }
  }

  /** Frees the memory; what is on its way is dropped when it arrives. */
  @Override
  public void close() {
    segments.forEach(Segment::drop);
    segments.clear();
  }

  /** A piece of the file, in the reader's memory or on its way there. */
  private final class Segment {
    private final long offset;
    private final int length;
    private final ArrowBuf buffer;
    private CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable RuntimeException failure;
    private boolean dropped;

    Segment(long offset, int length, ArrowBuf buffer) {
      this.offset = offset;
      this.length = length;
      this.buffer = buffer;
    }

    /** The future is done when the bytes are here or cannot be had: then reading them fails. */
    void start() {
      done = pool.run(this::arrive);
    }

    private void arrive() {
      if (isDropped()) {
        return;
      }
      try {
        // on the heap until it is sure that the reader, whose memory it is, is still there
        keep(RangeRead.of(file, offset, length));
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    private synchronized boolean isDropped() {
      return dropped;
    }

    private synchronized void keep(byte[] bytes) {
      if (!dropped) {
        buffer.setBytes(0, bytes);
      }
    }

    private synchronized void fail(RuntimeException e) {
      failure = e;
    }

    /** The bytes, once they are here. */
    synchronized ArrowBuf fetched() {
      if (failure != null) {
        throw failure;
      }
      if (!done.isDone()) {
        throw new IllegalStateException("bytes are read before they have come");
      }
      return buffer;
    }

    synchronized void drop() {
      if (!dropped) {
        dropped = true;
        buffer.close();
      }
    }
  }
}
