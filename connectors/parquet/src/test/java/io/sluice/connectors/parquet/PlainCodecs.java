package io.sluice.connectors.parquet;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.lz4.Lz4Compressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compressors for parquet-java's writer that need no Hadoop. */
final class PlainCodecs implements CompressionCodecFactory {
  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new BytesInputCompressor() {
      @Override
      public BytesInput compress(BytesInput bytes) throws IOException {
        return BytesInput.from(PlainCodecs.compress(codec, bytes.toByteArray()));
      }

      @Override
      public CompressionCodecName getCodecName() {
        return codec;
      }

      @Override
      public void release() {}
    };
  }

  static byte[] compress(CompressionCodecName codec, byte[] raw) throws IOException {
    return switch (codec) {
      case UNCOMPRESSED -> raw;
      case SNAPPY -> Snappy.compress(raw);
      case ZSTD -> Zstd.compress(raw);
      case GZIP -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // Two members, which readers must take as one.
        for (int part = 0; part < 2; part++) {
          try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            int half = raw.length / 2;
            gzip.write(raw, part * half, part == 0 ? half : raw.length - half);
          }
        }
        yield out.toByteArray();
      }
      case LZ4_RAW -> lz4(raw);
      case LZ4 -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < raw.length; at += 10_000) {
          byte[] block = Arrays.copyOfRange(raw, at, Math.min(raw.length, at + 10_000));
          byte[] packed = lz4(block);
          out.write(ByteBuffer.allocate(8).putInt(block.length).putInt(packed.length).array());
          out.write(packed);
        }
        yield out.toByteArray();
      }
      case LZO, BROTLI -> throw new IOException(codec + " is not there");
    };
  }

  private static byte[] lz4(byte[] raw) {
    Lz4Compressor compressor = new Lz4Compressor();
    byte[] out = new byte[compressor.maxCompressedLength(raw.length)];
    int size = compressor.compress(raw, 0, raw.length, out, 0, out.length);
    return Arrays.copyOf(out, size);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release() {}
}
