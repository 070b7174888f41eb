package io.sluice.server.ingest;

import io.sluice.engine.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Cells of any Arrow vector that clients send; the caller has seen that they are not NULL. */
final class SourceCells {
  private SourceCells() {}

  /** A whole number of at most 64 bits, unsigned ones of 32 bits included. */
  static long whole(FieldVector vector, int row) {
    return switch (vector) {
      case TinyIntVector ints -> ints.get(row);
      case SmallIntVector ints -> ints.get(row);
      case IntVector ints -> ints.get(row);
      case BigIntVector ints -> ints.get(row);
      case UInt1Vector ints -> ints.get(row) & 0xff;
      case UInt2Vector ints -> ints.get(row);
      case UInt4Vector ints -> ints.get(row) & 0xffff_ffffL;
      case UInt8Vector ints -> {
        long value = ints.get(row);
        if (value < 0) {
          throw new ConversionProblem(
              ErrorCode.NUMERIC_OVERFLOW, Long.toUnsignedString(value) + " is out of range");
        }
        yield value;
      }
      default -> throw new AssertionError(vector.getField());
    };
  }

  /** A number of any kind but floating, exactly. */
  static BigDecimal exact(FieldVector vector, int row) {
    return switch (vector) {
      case UInt8Vector ints -> new BigDecimal(Long.toUnsignedString(ints.get(row)));
      case DecimalVector decimals -> decimal(decimals, row);
      case Decimal256Vector decimals -> decimals.getObject(row);
      default -> BigDecimal.valueOf(whole(vector, row));
    };
  }

  /** Arrow for Java has no vectors of 32 and 64 bits: their bytes lie in one of 128. */
  private static BigDecimal decimal(DecimalVector vector, int row) {
    ArrowType.Decimal type = (ArrowType.Decimal) vector.getField().getType();
    ArrowBuf data = vector.getDataBuffer();
    return switch (type.getBitWidth()) {
      case 32 -> BigDecimal.valueOf(data.getInt((long) row << 2), type.getScale());
      case 64 -> BigDecimal.valueOf(data.getLong((long) row << 3), type.getScale());
      default -> {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 16; i++) {
          bytes[15 - i] = data.getByte(((long) row << 4) + i);
        }
        yield new BigDecimal(new BigInteger(bytes), type.getScale());
      }
    };
  }

  /** A floating number of any width. */
  static double floating(FieldVector vector, int row) {
    return switch (vector) {
      case Float2Vector floats -> floats.getValueAsFloat(row);
      case Float4Vector floats -> floats.get(row);
      case Float8Vector floats -> floats.get(row);
      default -> throw new AssertionError(vector.getField());
    };
  }

  /** A string's or binary's bytes. */
  static byte[] bytes(FieldVector vector, int row) {
    return switch (vector) {
      case VarCharVector strings -> strings.get(row);
      case LargeVarCharVector strings -> strings.get(row);
      case ViewVarCharVector strings -> strings.get(row);
      case VarBinaryVector binaries -> binaries.get(row);
      case LargeVarBinaryVector binaries -> binaries.get(row);
      case ViewVarBinaryVector binaries -> binaries.get(row);
      case FixedSizeBinaryVector binaries -> binaries.get(row);
      default -> throw new AssertionError(vector.getField());
    };
  }

  /** A string. */
  static String text(FieldVector vector, int row) {
    return new String(bytes(vector, row), StandardCharsets.UTF_8);
  }
}
