package io.sluice.engine.operator.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testing.AllocatorExtension;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sums against BigDecimal, in random orders and splits. */
@ExtendWith(AllocatorExtension.class)
class ExactSumsTest {
  private static double[] values(Random random, int count, int shape) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (shape) {
            case 0 -> random.nextGaussian();
            case 1 -> random.nextInt(2000) / 100.0;
            case 2 -> Double.longBitsToDouble(random.nextLong());
            case 3 -> Math.scalb(random.nextGaussian(), random.nextInt(200) - 100);
            case 4 -> 1e9 + random.nextGaussian();
            case 5 -> Math.scalb(random.nextDouble(), -1060 - random.nextInt(20));
            default -> random.nextBoolean() ? Double.MAX_VALUE : -Double.MAX_VALUE;
          };
      if (Double.isNaN(values[i]) || Double.isInfinite(values[i])) {
        values[i] = 0;
      }
    }
    // pairs that cancel, so that the sum is small
    for (int i = 0; i + 1 < count; i += 4) {
      values[i + 1] = -values[i];
    }
    return values;
  }

  private static void shuffle(double[] values, Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }

  /** Splits into instances, merges them in a random order. */
  private static double sum(
      double[] values, Random random, BufferAllocator allocator, boolean squares) {
    ExactSums.Kind kind = squares ? ExactSums.Kind.PRODUCTS : ExactSums.Kind.VALUES;
    int parts = 1 + random.nextInt(5);
    int groups = 3;
    try (ExactSums total = new ExactSums(kind, allocator)) {
      total.resize(groups);
      int at = 0;
      for (int p = 0; p < parts; p++) {
        int end = p == parts - 1 ? values.length : at + random.nextInt(values.length - at + 1);
        try (ExactSums part = new ExactSums(kind, allocator)) {
          part.resize(groups);
          int[] of = new int[end - at];
          Arrays.fill(of, 1);
          double[] slice = Arrays.copyOfRange(values, at, end);
          if (squares) {
            part.addProducts(of, slice, slice, slice.length);
          } else {
            part.add(of, slice, slice.length);
          }
          total.merge(part, new int[] {0, 1, 2}, new int[] {0, 2, 1}, 3);
        }
        at = end;
      }
      ExactValue value = total.newValue();
      total.read(0, value);
      assertTrue(value.isZero());
      total.read(2, value);
      BigDecimal exact = new BigDecimal(value.integer());
      BigDecimal unit = BigDecimal.valueOf(2).pow(Math.abs(value.exponent()));
      exact = value.exponent() < 0 ? exact.divide(unit) : exact.multiply(unit);
      assertEquals(0, exact.compareTo(reference(values, squares)));
      double result = value.toDouble();
      if (!squares && value.isExactDouble()) {
        assertEquals(0, new BigDecimal(result).compareTo(exact));
      }
      assertEquals(exact.floatValue(), value.toFloat());
      assertEquals(
          result / 3,
          Ratio.of(value.integer(), BigInteger.valueOf(3), value.exponent()),
          Math.abs(result) * 1e-15);
      return result;
    }
  }

  private static BigDecimal reference(double[] values, boolean squares) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      BigDecimal exact = new BigDecimal(value);
      sum = sum.add(squares ? exact.multiply(exact) : exact);
    }
    return sum;
  }

  @Test
  void sumsAreExactInAnyOrder(BufferAllocator allocator) {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 140; round++) {
      int shape = round % 7;
      double[] values = values(random, 1 + random.nextInt(300), shape);
      double expected = reference(values, false).doubleValue();
      double squares = reference(values, true).doubleValue();
      for (int order = 0; order < 3; order++) {
        shuffle(values, random);
        String context = "seed " + seed + ", round " + round;
        assertEquals(expected, sum(values, random, allocator, false), context);
        if (shape != 6) {
          assertEquals(squares, sum(values, random, allocator, true), context);
        }
      }
    }
  }

  @Test
  void manyAdditionsCarryInTime(BufferAllocator allocator) {
    try (ExactSums sums = new ExactSums(ExactSums.Kind.VALUES, allocator)) {
      sums.resize(1);
      double[] values = new double[65_536];
      Arrays.fill(values, -0x1.fffffffffffffp0);
      int[] of = new int[values.length];
      for (int i = 0; i < 1 << 15; i++) {
        sums.add(of, values, values.length);
      }
      ExactValue value = sums.newValue();
      sums.read(0, value);
      assertEquals(-0x1.fffffffffffffp31, value.toDouble());
    }
  }

  @Test
  void infinitiesAndNan(BufferAllocator allocator) {
    try (ExactSums sums = new ExactSums(ExactSums.Kind.VALUES, allocator)) {
      sums.resize(4);
      double infinity = Double.POSITIVE_INFINITY;
      sums.add(
          new int[] {0, 1, 2, 2, 3, 3},
          new double[] {infinity, -infinity, infinity, -infinity, Double.NaN, 1},
          6);
      assertEquals(infinity, sums.special(0));
      assertEquals(-infinity, sums.special(1));
      assertTrue(Double.isNaN(sums.special(2)));
      assertTrue(Double.isNaN(sums.special(3)));
    }
  }

  @Test
  void quotientsRoundOnce() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    MathContext ample = new MathContext(400);
    for (int i = 0; i < 20_000; i++) {
      BigInteger a = new BigInteger(1 + random.nextInt(200), random);
      BigInteger b = new BigInteger(1 + random.nextInt(100), random).add(BigInteger.ONE);
      double expected = new BigDecimal(a).divide(new BigDecimal(b), ample).doubleValue();
      assertEquals(expected, Ratio.of(a, b, 0), "seed " + seed);
      assertEquals(0.0 - expected, Ratio.of(a.negate(), b, 0), "seed " + seed);
    }
    assertEquals(Double.MIN_VALUE, Ratio.of(BigInteger.ONE, BigInteger.ONE, -1074));
    assertEquals(0.0, Ratio.of(BigInteger.ONE, BigInteger.TWO, -1074));
    assertEquals(Double.MIN_VALUE * 2, Ratio.of(BigInteger.valueOf(3), BigInteger.TWO, -1074));
  }
}
