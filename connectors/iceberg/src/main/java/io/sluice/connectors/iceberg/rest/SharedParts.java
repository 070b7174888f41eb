package io.sluice.connectors.iceberg.rest;

import io.sluice.connectors.iceberg.remote.ReadPool;
import io.sluice.connectors.iceberg.s3.S3Clients;
import io.sluice.connectors.iceberg.scan.FooterCache;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What all connections of a server have in common: threads, sockets and limits, but nothing that
 * one of them has read or may read.
 *
 * @param allocator for footers while they are parsed; stays its owner's
 */
record SharedParts(
    BufferAllocator allocator, S3Clients clients, ReadPool reads, FooterCache footers)
    implements AutoCloseable {
  private static final long FOOTER_CACHE_BYTES = 64L << 20;

  static SharedParts with(BufferAllocator allocator) {
    return new SharedParts(
        allocator, new S3Clients(), new ReadPool(), new FooterCache(FOOTER_CACHE_BYTES));
  }

  @Override
  public void close() {
    reads.close();
    clients.close();
  }
}
