package io.sluice.connectors.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/** Decompresses between native buffers. Used by one thread. */
final class Decompressor implements AutoCloseable {
  private final CompressionCodecName codec;
  private @Nullable ZstdDecompressCtx zstd;
  private @Nullable Inflater inflater;
  private @Nullable Lz4Decompressor lz4;

  Decompressor(CompressionCodecName codec) {
    this.codec = codec;
  }

  static boolean supports(CompressionCodecName codec) {
    return switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4, LZ4_RAW -> true;
      case LZO, BROTLI -> false;
    };
  }

  boolean isIdentity() {
    return codec == CompressionCodecName.UNCOMPRESSED;
  }

  /**
   * Fills {@code target} from {@code targetOffset} with exactly {@code targetSize} bytes.
   *
   * @throws CorruptPage where the source is malformed or of another size
   */
  void decompress(
      ArrowBuf source,
      long sourceOffset,
      int sourceSize,
      ArrowBuf target,
      long targetOffset,
      int targetSize) {
    if (targetSize == 0) {
      return;
    }
    int size;
    try {
      size =
          switch (codec) {
            case ZSTD -> zstd(source, sourceOffset, sourceSize, target, targetOffset, targetSize);
            case SNAPPY ->
                snappy(source, sourceOffset, sourceSize, target, targetOffset, targetSize);
            case GZIP -> gzip(source, sourceOffset, sourceSize, target, targetOffset, targetSize);
            case LZ4_RAW ->
                lz4(
                    source.nioBuffer(sourceOffset, sourceSize),
                    target.nioBuffer(targetOffset, targetSize));
            case LZ4 ->
                lz4Hadoop(source, sourceOffset, sourceSize, target, targetOffset, targetSize);
            case UNCOMPRESSED, LZO, BROTLI -> throw new AssertionError(codec);
          };
    } catch (IOException
        | DataFormatException
        | ZstdException
        | MalformedInputException
        | SnappyError
        | IndexOutOfBoundsException e) {
      throw new CorruptPage(codec + " page cannot be decompressed: " + e.getMessage(), e);
    }
    if (size != targetSize) {
      throw new CorruptPage(codec + " page has " + size + " bytes, its header says " + targetSize);
    }
  }

  private int zstd(
      ArrowBuf source, long offset, int size, ArrowBuf target, long targetOffset, int targetSize) {
    ZstdDecompressCtx context = zstd;
    if (context == null) {
      context = new ZstdDecompressCtx();
      zstd = context;
    }
    return context.decompressDirectByteBuffer(
        target.nioBuffer(targetOffset, targetSize),
        0,
        targetSize,
        source.nioBuffer(offset, size),
        0,
        size);
  }

  private static int snappy(
      ArrowBuf source, long offset, int size, ArrowBuf target, long targetOffset, int targetSize)
      throws IOException {
    long from = source.memoryAddress() + offset;
    // The native code trusts the length that the data begin with.
    long declared = Snappy.uncompressedLength(from, size);
    if (declared != targetSize) {
      return (int) Math.min(declared, Integer.MAX_VALUE);
    }
    return (int) Snappy.rawUncompress(from, size, target.memoryAddress() + targetOffset);
  }

  private int lz4(ByteBuffer source, ByteBuffer target) {
    Lz4Decompressor decompressor = lz4;
    if (decompressor == null) {
      decompressor = new Lz4Decompressor();
      lz4 = decompressor;
    }
    decompressor.decompress(source, target);
    return target.position();
  }

  /** Blocks of big-endian uncompressed size, compressed size and data; or, by old writers, none. */
  private int lz4Hadoop(
      ArrowBuf source, long offset, int size, ArrowBuf target, long targetOffset, int targetSize) {
    int in = 0;
    int out = 0;
    while (size - in >= 8) {
      int blockOut = Integer.reverseBytes(source.getInt(offset + in));
      int blockIn = Integer.reverseBytes(source.getInt(offset + in + 4));
      in += 8;
      if (blockIn < 0 || blockOut < 0 || blockIn > size - in || blockOut > targetSize - out) {
        return lz4(source.nioBuffer(offset, size), target.nioBuffer(targetOffset, targetSize));
      }
      int written =
          lz4(
              source.nioBuffer(offset + in, blockIn),
              target.nioBuffer(targetOffset + out, blockOut));
      if (written != blockOut) {
        throw new CorruptPage("LZ4 block has " + written + " bytes, its header says " + blockOut);
      }
      in += blockIn;
      out += blockOut;
    }
    return out;
  }

  /**
   * Members one after the other, each with a header, deflated data and a trailer.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
   */
  private int gzip(
      ArrowBuf source, long offset, int size, ArrowBuf target, long targetOffset, int targetSize)
      throws DataFormatException {
    Inflater raw = inflater;
    if (raw == null) {
      raw = new Inflater(true);
      inflater = raw;
    }
    int in = 0;
    int out = 0;
    while (in < size && out < targetSize) {
      in += gzipHeader(source, offset + in, size - in);
      raw.reset();
      raw.setInput(source.nioBuffer(offset + in, size - in));
      ByteBuffer to = target.nioBuffer(targetOffset + out, targetSize - out);
      while (!raw.finished()) {
        int written = raw.inflate(to);
        if (written == 0 && (raw.needsInput() || raw.needsDictionary() || !to.hasRemaining())) {
          break;
        }
      }
      if (!raw.finished()) {
        throw new CorruptPage(
            to.hasRemaining()
                ? "GZIP page ends too early"
                : "GZIP page has more bytes than its header says");
      }
      in += (int) raw.getBytesRead();
      if (size - in < 8) {
        throw new CorruptPage("GZIP page ends too early");
      }
      CRC32 crc = new CRC32();
      crc.update(target.nioBuffer(targetOffset + out, to.position()));
      if ((int) crc.getValue() != source.getInt(offset + in)) {
        throw new CorruptPage("GZIP page has a wrong checksum");
      }
      in += 8;
      out += to.position();
    }
    return out;
  }

  private static int gzipHeader(ArrowBuf source, long offset, int size) {
    if (size < 18
        || source.getByte(offset) != 0x1F
        || (source.getByte(offset + 1) & 0xFF) != 0x8B
        || source.getByte(offset + 2) != 8) {
      throw new CorruptPage("GZIP page does not begin like one");
    }
    int flags = source.getByte(offset + 3);
    int at = 10;
    if ((flags & 4) != 0) {
      at += 2 + (source.getShort(offset + at) & 0xFFFF);
    }
    for (int texts = Integer.bitCount(flags & (8 | 16)); texts > 0; texts--) {
      while (at < size && source.getByte(offset + at) != 0) {
        at++;
      }
      at++;
    }
    if ((flags & 2) != 0) {
      at += 2;
    }
    if (at >= size) {
      throw new CorruptPage("GZIP page ends in its header");
    }
    return at;
  }

  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
    }
    if (inflater != null) {
      inflater.end();
    }
  }
}
