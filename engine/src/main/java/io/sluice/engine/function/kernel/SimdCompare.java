package io.sluice.engine.function.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.apache.arrow.memory.ArrowBuf;

/** The comparison loops that gain by the Vector API: the same bits as {@link CompareLoops}. */
public final class SimdCompare {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  private SimdCompare() {}

  /**
   * Compares whole words of 64 rows, and the rest one by one.
   *
   * @return false if there is no form for these operands, and nothing is written
   */
  public static boolean compare(boolean less, Values a, Values b, int count, ArrowBuf out) {
    if (count < 64 || (a.isConstant() && b.isConstant())) {
      return false;
    }
    switch (a.layout()) {
      case INT64 -> int64(less ? VectorOperators.LT : VectorOperators.EQ, a, b, count, out);
      case INT32 -> int32(less ? VectorOperators.LT : VectorOperators.EQ, a, b, count, out);
      case FLOAT64 -> {
        if (less) {
          lessFloat64(a, b, count, out);
        } else {
          equalFloat64(a, b, count, out);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  static MemorySegment segment(Values values, int count) {
    long bytes = (values.isConstant() ? 1L : count) * values.layout().width();
    return MemorySegment.ofAddress(values.data().memoryAddress()).reinterpret(bytes);
  }

  private static void int64(
      VectorOperators.Comparison operator, Values a, Values b, int count, ArrowBuf out) {
    MemorySegment x = segment(a, count);
    MemorySegment y = segment(b, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    LongVector oneA = LongVector.broadcast(LONGS, a.data().getLong(0));
    LongVector oneB = LongVector.broadcast(LONGS, b.data().getLong(0));
    boolean less = operator == VectorOperators.LT;
    int lanes = LONGS.length();
    int whole = count & ~63;
    for (int base = 0; base < whole; base += 64) {
      long word = 0;
      for (int j = 0; j < 64; j += lanes) {
        long at = (long) (base + j) << 3;
        LongVector u = constantA ? oneA : LongVector.fromMemorySegment(LONGS, x, at, ORDER);
        LongVector v = constantB ? oneB : LongVector.fromMemorySegment(LONGS, y, at, ORDER);
        VectorMask<Long> mask = less ? u.lt(v) : u.eq(v);
        word |= mask.toLong() << j;
      }
      out.setLong(base >> 3, word);
    }
    if (whole < count) {
      long word = 0;
      for (int i = whole; i < count; i++) {
        long u = a.data().getLong((long) (i & a.rowMask()) << 3);
        long v = b.data().getLong((long) (i & b.rowMask()) << 3);
        word |= ((less ? u < v : u == v) ? 1L : 0L) << (i - whole);
      }
      out.setLong(whole >> 3, word);
    }
  }

  private static void int32(
      VectorOperators.Comparison operator, Values a, Values b, int count, ArrowBuf out) {
    MemorySegment x = segment(a, count);
    MemorySegment y = segment(b, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    IntVector oneA = IntVector.broadcast(INTS, a.data().getInt(0));
    IntVector oneB = IntVector.broadcast(INTS, b.data().getInt(0));
    boolean less = operator == VectorOperators.LT;
    int lanes = INTS.length();
    int whole = count & ~63;
    for (int base = 0; base < whole; base += 64) {
      long word = 0;
      for (int j = 0; j < 64; j += lanes) {
        long at = (long) (base + j) << 2;
        IntVector u = constantA ? oneA : IntVector.fromMemorySegment(INTS, x, at, ORDER);
        IntVector v = constantB ? oneB : IntVector.fromMemorySegment(INTS, y, at, ORDER);
        VectorMask<Integer> mask = less ? u.lt(v) : u.eq(v);
        word |= mask.toLong() << j;
      }
      out.setLong(base >> 3, word);
    }
    if (whole < count) {
      long word = 0;
      for (int i = whole; i < count; i++) {
        int u = a.data().getInt((long) (i & a.rowMask()) << 2);
        int v = b.data().getInt((long) (i & b.rowMask()) << 2);
        word |= ((less ? u < v : u == v) ? 1L : 0L) << (i - whole);
      }
      out.setLong(whole >> 3, word);
    }
  }

  private static void lessFloat64(Values a, Values b, int count, ArrowBuf out) {
    MemorySegment x = segment(a, count);
    MemorySegment y = segment(b, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    DoubleVector oneA = DoubleVector.broadcast(DOUBLES, a.data().getDouble(0));
    DoubleVector oneB = DoubleVector.broadcast(DOUBLES, b.data().getDouble(0));
    int lanes = DOUBLES.length();
    int whole = count & ~63;
    for (int base = 0; base < whole; base += 64) {
      long word = 0;
      for (int j = 0; j < 64; j += lanes) {
        long at = (long) (base + j) << 3;
        DoubleVector u = constantA ? oneA : DoubleVector.fromMemorySegment(DOUBLES, x, at, ORDER);
        DoubleVector v = constantB ? oneB : DoubleVector.fromMemorySegment(DOUBLES, y, at, ORDER);
        VectorMask<Double> greatest = v.test(VectorOperators.IS_NAN).andNot(nan(u));
        word |= u.lt(v).or(greatest).toLong() << j;
      }
      out.setLong(base >> 3, word);
    }
    if (whole < count) {
      long word = 0;
      for (int i = whole; i < count; i++) {
        double u = a.data().getDouble((long) (i & a.rowMask()) << 3);
        double v = b.data().getDouble((long) (i & b.rowMask()) << 3);
        word |= (CompareLoops.less(u, v) ? 1L : 0L) << (i - whole);
      }
      out.setLong(whole >> 3, word);
    }
  }

  private static VectorMask<Double> nan(DoubleVector vector) {
    return vector.test(VectorOperators.IS_NAN);
  }

  private static void equalFloat64(Values a, Values b, int count, ArrowBuf out) {
    MemorySegment x = segment(a, count);
    MemorySegment y = segment(b, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    DoubleVector oneA = DoubleVector.broadcast(DOUBLES, a.data().getDouble(0));
    DoubleVector oneB = DoubleVector.broadcast(DOUBLES, b.data().getDouble(0));
    int lanes = DOUBLES.length();
    int whole = count & ~63;
    for (int base = 0; base < whole; base += 64) {
      long word = 0;
      for (int j = 0; j < 64; j += lanes) {
        long at = (long) (base + j) << 3;
        DoubleVector u = constantA ? oneA : DoubleVector.fromMemorySegment(DOUBLES, x, at, ORDER);
        DoubleVector v = constantB ? oneB : DoubleVector.fromMemorySegment(DOUBLES, y, at, ORDER);
        word |= u.eq(v).or(nan(u).and(nan(v))).toLong() << j;
      }
      out.setLong(base >> 3, word);
    }
    if (whole < count) {
      long word = 0;
      for (int i = whole; i < count; i++) {
        double u = a.data().getDouble((long) (i & a.rowMask()) << 3);
        double v = b.data().getDouble((long) (i & b.rowMask()) << 3);
        word |= (CompareLoops.equal(u, v) ? 1L : 0L) << (i - whole);
      }
      out.setLong(whole >> 3, word);
    }
  }
}
