package io.sluice.connectors.parquet;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A page's header, parsed from Thrift's compact protocol without garbage. Reused from page to page.
 *
 * @see <a href="https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md">
 *     the protocol</a>
 */
final class PageHeader {
  static final int DATA = 0;
  static final int INDEX = 1;
  static final int DICTIONARY = 2;
  static final int DATA_V2 = 3;

  static final int PLAIN = 0;
  static final int PLAIN_DICTIONARY = 2;
  static final int RLE = 3;
  static final int BIT_PACKED = 4;
  static final int DELTA_BINARY_PACKED = 5;
  static final int DELTA_LENGTH_BYTE_ARRAY = 6;
  static final int DELTA_BYTE_ARRAY = 7;
  static final int RLE_DICTIONARY = 8;
  static final int BYTE_STREAM_SPLIT = 9;

  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int I16 = 4;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int DOUBLE = 7;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int SET = 10;
  private static final int MAP = 11;
  private static final int STRUCT = 12;
  private static final int MAX_DEPTH = 16;

  /** The bytes end before the header does. */
  static final class Truncated extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Truncated() {
      super("page header ends too early", null, false, false);
    }
  }

  int type;
  int uncompressedSize;
  int compressedSize;
  boolean hasCrc;
  int crc;
  int values;
  int encoding;
  int definitionEncoding;
  int repetitionEncoding;
  int nulls;
  int definitionBytes;
  int repetitionBytes;
  boolean compressed;

  private long position;
  private long end;

  /**
   * Parses the header at {@code address}.
   *
   * @return its bytes
   * @throws Truncated where it does not end before {@code limit}
   * @throws CorruptPage where it makes no sense
   */
  int parse(long address, long limit) {
    position = address;
    end = limit;
    type = -1;
    uncompressedSize = -1;
    compressedSize = -1;
    hasCrc = false;
    values = -1;
    encoding = -1;
    definitionEncoding = RLE;
    repetitionEncoding = RLE;
    nulls = -1;
    definitionBytes = 0;
    repetitionBytes = 0;
    compressed = true;
    boolean details = false;
    int field = 0;
    while (true) {
      int head = readByte();
      if (head == 0) {
        break;
      }
      field = field(head, field);
      int wire = head & 15;
      switch (field) {
        case 1 -> type = i32(wire);
        case 2 -> uncompressedSize = i32(wire);
        case 3 -> compressedSize = i32(wire);
        case 4 -> {
          crc = i32(wire);
          hasCrc = true;
        }
        case 5, 7, 8 -> {
          expect(wire == STRUCT);
          details = true;
          details(field);
        }
        default -> skip(wire, 0);
      }
    }
    if (type < 0 || uncompressedSize < 0 || compressedSize < 0) {
      throw new CorruptPage(
          "page header of type "
              + type
              + " with sizes "
              + compressedSize
              + " and "
              + uncompressedSize);
    }
    if (type != INDEX && (!details || values < 0 || encoding < 0)) {
      throw new CorruptPage("page header of type " + type + " with " + values + " values");
    }
    if (definitionBytes < 0 || repetitionBytes < 0) {
      throw new CorruptPage("page header with levels of negative size");
    }
    return (int) (position - address);
  }

  private void details(int struct) {
    int field = 0;
    while (true) {
      int head = readByte();
      if (head == 0) {
        return;
      }
      field = field(head, field);
      int wire = head & 15;
      if (field == 1) {
        values = i32(wire);
      } else if (struct == 8) {
        switch (field) {
          case 2 -> nulls = i32(wire);
          case 4 -> encoding = i32(wire);
          case 5 -> definitionBytes = i32(wire);
          case 6 -> repetitionBytes = i32(wire);
          case 7 -> {
            expect(wire == TRUE || wire == FALSE);
            compressed = wire == TRUE;
          }
          default -> skip(wire, 0);
        }
      } else if (field == 2) {
        encoding = i32(wire);
      } else if (field == 3 && struct == 5) {
        definitionEncoding = i32(wire);
      } else if (field == 4 && struct == 5) {
        repetitionEncoding = i32(wire);
      } else {
        skip(wire, 0);
      }
    }
  }

  private int field(int head, int before) {
    int delta = head >>> 4;
    return delta == 0 ? zigzag() : before + delta;
  }

  private int i32(int wire) {
    expect(wire == I32);
    return zigzag();
  }

  private int zigzag() {
    long value = varint();
    return (int) ((value >>> 1) ^ -(value & 1));
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CorruptPage("page header with a number of more than 64 bits");
  }

  private int readByte() {
    if (position >= end) {
      throw new Truncated();
    }
    return MemoryUtil.getByte(position++) & 0xFF;
  }

  private void advance(long bytes) {
    if (bytes < 0) {
      throw new CorruptPage("page header with a field of negative size");
    }
    if (bytes > end - position) {
      throw new Truncated();
    }
    position += bytes;
  }

  private void skip(int wire, int depth) {
    if (depth > MAX_DEPTH) {
      throw new CorruptPage("page header nested too deeply");
    }
    switch (wire) {
      case TRUE, FALSE -> {}
      case BYTE -> advance(1);
      case I16, I32, I64 -> varint();
      case DOUBLE -> advance(8);
      case BINARY -> advance(varint());
      case LIST, SET -> {
        int head = readByte();
        long size = head >>> 4 == 15 ? varint() : head >>> 4;
        for (long i = 0; i < size; i++) {
          skipElement(head & 15, depth);
        }
      }
      case MAP -> {
        long size = varint();
        int types = size == 0 ? 0 : readByte();
        for (long i = 0; i < size; i++) {
          skipElement(types >>> 4, depth);
          skipElement(types & 15, depth);
        }
      }
      case STRUCT -> {
        int field = 0;
        for (int head = readByte(); head != 0; head = readByte()) {
          field = field(head, field);
          skip(head & 15, depth + 1);
        }
      }
      default -> throw new CorruptPage("page header with a field of type " + wire);
    }
  }

  /** Within collections a boolean takes a byte. */
  private void skipElement(int wire, int depth) {
    if (wire == TRUE || wire == FALSE) {
      advance(1);
    } else {
      skip(wire, depth + 1);
    }
  }

  private static void expect(boolean condition) {
    if (!condition) {
      throw new CorruptPage("page header with a field of the wrong type");
    }
  }
}
