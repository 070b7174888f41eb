package io.sluice.connectors.iceberg.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.TableProperties;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compresses pages without Hadoop's codecs. */
final class PageCompressor implements BytesInputCompressor {
  private static final int DEFAULT_ZSTD_LEVEL = 3;

  private final CompressionCodecName codec;
  private final ZstdCompressCtx zstd;
  private byte[] scratch = new byte[0];

  private PageCompressor(CompressionCodecName codec, int level) {
    this.codec = codec;
    this.zstd = new ZstdCompressCtx();
    this.zstd.setLevel(level);
  }

  /**
   * The codec that a table's properties ask for.
   *
   * @throws EngineException UNSUPPORTED for codecs that are not written
   */
  static PageCompressor of(Map<String, String> properties) {
    String name =
        properties.getOrDefault(
            TableProperties.PARQUET_COMPRESSION, TableProperties.PARQUET_COMPRESSION_DEFAULT);
    String level = properties.get(TableProperties.PARQUET_COMPRESSION_LEVEL);
    CompressionCodecName codec =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "zstd" -> CompressionCodecName.ZSTD;
          case "snappy" -> CompressionCodecName.SNAPPY;
          case "gzip" -> CompressionCodecName.GZIP;
          case "uncompressed", "none" -> CompressionCodecName.UNCOMPRESSED;
          default ->
              throw new EngineException(
                  ErrorCode.UNSUPPORTED,
                  TableProperties.PARQUET_COMPRESSION
                      + " "
                      + name
                      + " is none of zstd, snappy, gzip and uncompressed");
        };
    return new PageCompressor(codec, level == null ? DEFAULT_ZSTD_LEVEL : zstdLevel(level));
  }

  private static int zstdLevel(String level) {
    try {
      return Math.clamp(
          Integer.parseInt(level), Zstd.minCompressionLevel(), Zstd.maxCompressionLevel());
    } catch (NumberFormatException e) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          TableProperties.PARQUET_COMPRESSION_LEVEL + " " + level + " is not a number",
          e);
    }
  }

  @Override
  public BytesInput compress(BytesInput page) throws IOException {
    return switch (codec) {
      case ZSTD -> {
        byte[] plain = page.toByteArray();
        int bound = Math.toIntExact(Zstd.compressBound(plain.length));
        if (scratch.length < bound) {
          scratch = new byte[bound];
        }
        int size = zstd.compressByteArray(scratch, 0, bound, plain, 0, plain.length);
        yield BytesInput.from(Arrays.copyOf(scratch, size));
      }
      case SNAPPY -> BytesInput.from(Snappy.compress(page.toByteArray()));
      case GZIP -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
          page.writeAllTo(gzip);
        }
        yield BytesInput.from(out.toByteArray());
      }
      default -> page;
    };
  }

  @Override
  public CompressionCodecName getCodecName() {
    return codec;
  }

  @Override
  public void release() {
    zstd.close();
  }
}
