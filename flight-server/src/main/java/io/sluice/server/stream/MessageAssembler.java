package io.sluice.server.stream;

import io.sluice.engine.batch.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of a good size out of batches of any: joins small ones, cuts large ones, and hands
 * on the others as they are.
 */
final class MessageAssembler implements AutoCloseable {
  /** A message that reaches this is sent. */
  static final long TARGET_BYTES = 512L << 10;

  /** No message is larger, unless a single row is; clients refuse 16 MiB. */
  static final long MAX_BYTES = (8L << 20) - (64 << 10);

  private final BufferAllocator allocator;
  private final List<PlainColumns> pending = new ArrayList<>();
  private final ArrayDeque<PlainColumns> ready = new ArrayDeque<>();
  private long pendingBytes;

  MessageAssembler(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** Takes the batch's rows. */
  void add(Batch batch) {
    if (batch.rowCount() == 0) {
      batch.close();
      return;
    }
    PlainColumns columns = PlainColumns.of(batch, allocator);
    long bytes = columns.bytes();
    if (bytes > MAX_BYTES) {
      flush();
      ready.addAll(Slices.split(columns, MAX_BYTES, allocator));
      return;
    }
    if (pendingBytes + bytes > MAX_BYTES) {
      flush();
    }
    pending.add(columns);
    pendingBytes += bytes;
    if (pendingBytes >= TARGET_BYTES) {
      flush();
    }
  }

  /** Makes what is pending a message, however small. */
  void flush() {
    if (pending.isEmpty()) {
      return;
    }
    if (pending.size() == 1) {
      ready.add(pending.get(0));
    } else {
      List<PlainColumns> parts = List.copyOf(pending);
      pending.clear();
      ready.add(Concatenation.of(parts, allocator));
    }
    pending.clear();
    pendingBytes = 0;
  }

  boolean hasPending() {
    return !pending.isEmpty();
  }

  /** The next message, now the caller's, or null. */
  @Nullable PlainColumns poll() {
    return ready.poll();
  }

  @Override
  public void close() {
    pending.forEach(PlainColumns::close);
    pending.clear();
    pendingBytes = 0;
    ready.forEach(PlainColumns::close);
    ready.clear();
  }
}
