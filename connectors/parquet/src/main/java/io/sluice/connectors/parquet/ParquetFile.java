package io.sluice.connectors.parquet;

import org.apache.arrow.memory.BufferAllocator;

/**
 * An open file and its footer. Safe for use by several threads. Owns the input.
 *
 * @param input open until {@link #close}
 */
public record ParquetFile(ParquetInput input, ParquetMetadata metadata) implements AutoCloseable {
  /**
   * Reads the footer. Takes ownership of the input, also where this fails.
   *
   * @param allocator for the footer's bytes while they are parsed
   * @throws io.sluice.engine.EngineException CORRUPT_FILE where the file is truncated or its footer
   *     is broken, UNSUPPORTED where the footer is encrypted
   */
  public static ParquetFile open(ParquetInput input, BufferAllocator allocator) {
    try {
      return new ParquetFile(input, FooterReader.read(input, allocator));
    } catch (RuntimeException | Error failure) {
      try {
        input.close();
      } catch (RuntimeException onClose) {
        failure.addSuppressed(onClose);
      }
      throw failure;
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
