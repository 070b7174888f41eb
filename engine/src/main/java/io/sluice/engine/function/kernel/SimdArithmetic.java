package io.sluice.engine.function.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums, differences and products by the Vector API: the same bits as {@link IntegerLoops} and
 * {@link FloatLoops}, as every element is computed by itself.
 */
final class SimdArithmetic {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  private SimdArithmetic() {}

  private static MemorySegment target(Values out, int count) {
    return MemorySegment.ofAddress(out.data().memoryAddress())
        .reinterpret((long) count * out.layout().width());
  }

  /** Negative if a row overflows. */
  static long addInt64(Values a, Values b, Values out, int count) {
    MemorySegment x = SimdCompare.segment(a, count);
    MemorySegment y = SimdCompare.segment(b, count);
    MemorySegment to = target(out, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    LongVector oneA = LongVector.broadcast(LONGS, a.data().getLong(0));
    LongVector oneB = LongVector.broadcast(LONGS, b.data().getLong(0));
    LongVector flags = LongVector.zero(LONGS);
    int whole = LONGS.loopBound(count);
    for (int i = 0; i < whole; i += LONGS.length()) {
      long at = (long) i << 3;
      LongVector u = constantA ? oneA : LongVector.fromMemorySegment(LONGS, x, at, ORDER);
      LongVector v = constantB ? oneB : LongVector.fromMemorySegment(LONGS, y, at, ORDER);
      LongVector r = u.add(v);
      flags = flags.or(u.lanewise(VectorOperators.XOR, r).and(v.lanewise(VectorOperators.XOR, r)));
      r.intoMemorySegment(to, at, ORDER);
    }
    long flag = flags.reduceLanes(VectorOperators.OR);
    for (int i = whole; i < count; i++) {
      long u = a.data().getLong((long) (i & a.rowMask()) << 3);
      long v = b.data().getLong((long) (i & b.rowMask()) << 3);
      long r = u + v;
      flag |= (u ^ r) & (v ^ r);
      out.data().setLong((long) i << 3, r);
    }
    return flag;
  }

  /** Negative if a row overflows. */
  static long subtractInt64(Values a, Values b, Values out, int count) {
    MemorySegment x = SimdCompare.segment(a, count);
    MemorySegment y = SimdCompare.segment(b, count);
    MemorySegment to = target(out, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    LongVector oneA = LongVector.broadcast(LONGS, a.data().getLong(0));
    LongVector oneB = LongVector.broadcast(LONGS, b.data().getLong(0));
    LongVector flags = LongVector.zero(LONGS);
    int whole = LONGS.loopBound(count);
    for (int i = 0; i < whole; i += LONGS.length()) {
      long at = (long) i << 3;
      LongVector u = constantA ? oneA : LongVector.fromMemorySegment(LONGS, x, at, ORDER);
      LongVector v = constantB ? oneB : LongVector.fromMemorySegment(LONGS, y, at, ORDER);
      LongVector r = u.sub(v);
      flags = flags.or(u.lanewise(VectorOperators.XOR, v).and(u.lanewise(VectorOperators.XOR, r)));
      r.intoMemorySegment(to, at, ORDER);
    }
    long flag = flags.reduceLanes(VectorOperators.OR);
    for (int i = whole; i < count; i++) {
      long u = a.data().getLong((long) (i & a.rowMask()) << 3);
      long v = b.data().getLong((long) (i & b.rowMask()) << 3);
      long r = u - v;
      flag |= (u ^ v) & (u ^ r);
      out.data().setLong((long) i << 3, r);
    }
    return flag;
  }

  /** Negative if a row overflows. */
  static long addInt32(Values a, Values b, Values out, int count) {
    MemorySegment x = SimdCompare.segment(a, count);
    MemorySegment y = SimdCompare.segment(b, count);
    MemorySegment to = target(out, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    IntVector oneA = IntVector.broadcast(INTS, a.data().getInt(0));
    IntVector oneB = IntVector.broadcast(INTS, b.data().getInt(0));
    IntVector flags = IntVector.zero(INTS);
    int whole = INTS.loopBound(count);
    for (int i = 0; i < whole; i += INTS.length()) {
      long at = (long) i << 2;
      IntVector u = constantA ? oneA : IntVector.fromMemorySegment(INTS, x, at, ORDER);
      IntVector v = constantB ? oneB : IntVector.fromMemorySegment(INTS, y, at, ORDER);
      IntVector r = u.add(v);
      flags = flags.or(u.lanewise(VectorOperators.XOR, r).and(v.lanewise(VectorOperators.XOR, r)));
      r.intoMemorySegment(to, at, ORDER);
    }
    int flag = flags.reduceLanes(VectorOperators.OR);
    for (int i = whole; i < count; i++) {
      int u = a.data().getInt((long) (i & a.rowMask()) << 2);
      int v = b.data().getInt((long) (i & b.rowMask()) << 2);
      int r = u + v;
      flag |= (u ^ r) & (v ^ r);
      out.data().setInt((long) i << 2, r);
    }
    return flag;
  }

  /** Negative if a row overflows. */
  static long subtractInt32(Values a, Values b, Values out, int count) {
    MemorySegment x = SimdCompare.segment(a, count);
    MemorySegment y = SimdCompare.segment(b, count);
    MemorySegment to = target(out, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    IntVector oneA = IntVector.broadcast(INTS, a.data().getInt(0));
    IntVector oneB = IntVector.broadcast(INTS, b.data().getInt(0));
    IntVector flags = IntVector.zero(INTS);
    int whole = INTS.loopBound(count);
    for (int i = 0; i < whole; i += INTS.length()) {
      long at = (long) i << 2;
      IntVector u = constantA ? oneA : IntVector.fromMemorySegment(INTS, x, at, ORDER);
      IntVector v = constantB ? oneB : IntVector.fromMemorySegment(INTS, y, at, ORDER);
      IntVector r = u.sub(v);
      flags = flags.or(u.lanewise(VectorOperators.XOR, v).and(u.lanewise(VectorOperators.XOR, r)));
      r.intoMemorySegment(to, at, ORDER);
    }
    int flag = flags.reduceLanes(VectorOperators.OR);
    for (int i = whole; i < count; i++) {
      int u = a.data().getInt((long) (i & a.rowMask()) << 2);
      int v = b.data().getInt((long) (i & b.rowMask()) << 2);
      int r = u - v;
      flag |= (u ^ v) & (u ^ r);
      out.data().setInt((long) i << 2, r);
    }
    return flag;
  }

  static void addFloat64(Values a, Values b, Values out, int count) {
    MemorySegment x = SimdCompare.segment(a, count);
    MemorySegment y = SimdCompare.segment(b, count);
    MemorySegment to = target(out, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    DoubleVector oneA = DoubleVector.broadcast(DOUBLES, a.data().getDouble(0));
    DoubleVector oneB = DoubleVector.broadcast(DOUBLES, b.data().getDouble(0));
    int whole = DOUBLES.loopBound(count);
    for (int i = 0; i < whole; i += DOUBLES.length()) {
      long at = (long) i << 3;
      DoubleVector u = constantA ? oneA : DoubleVector.fromMemorySegment(DOUBLES, x, at, ORDER);
      DoubleVector v = constantB ? oneB : DoubleVector.fromMemorySegment(DOUBLES, y, at, ORDER);
      u.add(v).intoMemorySegment(to, at, ORDER);
    }
    for (int i = whole; i < count; i++) {
      double u = a.data().getDouble((long) (i & a.rowMask()) << 3);
      double v = b.data().getDouble((long) (i & b.rowMask()) << 3);
      out.data().setDouble((long) i << 3, u + v);
    }
  }

  static void subtractFloat64(Values a, Values b, Values out, int count) {
    MemorySegment x = SimdCompare.segment(a, count);
    MemorySegment y = SimdCompare.segment(b, count);
    MemorySegment to = target(out, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    DoubleVector oneA = DoubleVector.broadcast(DOUBLES, a.data().getDouble(0));
    DoubleVector oneB = DoubleVector.broadcast(DOUBLES, b.data().getDouble(0));
    int whole = DOUBLES.loopBound(count);
    for (int i = 0; i < whole; i += DOUBLES.length()) {
      long at = (long) i << 3;
      DoubleVector u = constantA ? oneA : DoubleVector.fromMemorySegment(DOUBLES, x, at, ORDER);
      DoubleVector v = constantB ? oneB : DoubleVector.fromMemorySegment(DOUBLES, y, at, ORDER);
      u.sub(v).intoMemorySegment(to, at, ORDER);
    }
    for (int i = whole; i < count; i++) {
      double u = a.data().getDouble((long) (i & a.rowMask()) << 3);
      double v = b.data().getDouble((long) (i & b.rowMask()) << 3);
      out.data().setDouble((long) i << 3, u - v);
    }
  }

  static void multiplyFloat64(Values a, Values b, Values out, int count) {
    MemorySegment x = SimdCompare.segment(a, count);
    MemorySegment y = SimdCompare.segment(b, count);
    MemorySegment to = target(out, count);
    boolean constantA = a.isConstant();
    boolean constantB = b.isConstant();
    DoubleVector oneA = DoubleVector.broadcast(DOUBLES, a.data().getDouble(0));
    DoubleVector oneB = DoubleVector.broadcast(DOUBLES, b.data().getDouble(0));
    int whole = DOUBLES.loopBound(count);
    for (int i = 0; i < whole; i += DOUBLES.length()) {
      long at = (long) i << 3;
      DoubleVector u = constantA ? oneA : DoubleVector.fromMemorySegment(DOUBLES, x, at, ORDER);
      DoubleVector v = constantB ? oneB : DoubleVector.fromMemorySegment(DOUBLES, y, at, ORDER);
      u.mul(v).intoMemorySegment(to, at, ORDER);
    }
    for (int i = whole; i < count; i++) {
      double u = a.data().getDouble((long) (i & a.rowMask()) << 3);
      double v = b.data().getDouble((long) (i & b.rowMask()) << 3);
      out.data().setDouble((long) i << 3, u * v);
    }
  }
}
