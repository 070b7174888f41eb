package io.sluice.engine.expression;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random cells of a type with its extremes and NULLs among them. */
final class RandomCells {
  private static final String[] WORDS = {
    "",
    "a",
    "abc",
    "ABC",
    "Hello World",
    " padded ",
    "süß",
    "ÄÖÜ",
    "日本語",
    "a,b,c",
    "x%y_z",
    "aXbXc",
    "special requests",
    "the quick brown fox jumps",
    "😀 smile",
    "aaaaaaaaaaaaaaaaaaaaaaaa",
    "1",
    "-42"
  };

  private final Random random;

  RandomCells(long seed) {
    this.random = new Random(seed);
  }

  List<@Nullable Object> column(SqlType type, int rows) {
    List<@Nullable Object> cells = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      cells.add(random.nextInt(8) == 0 ? null : cell(type));
    }
    return cells;
  }

  private Object cell(SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case TINYINT -> integer(Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> integer(Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> integer(Long.MIN_VALUE, Long.MAX_VALUE);
      case REAL -> (double) (float) real();
      case DOUBLE -> real();
      case DECIMAL -> decimal((SqlType.Decimal) type);
      case VARCHAR -> string();
      case DATE -> (long) random.nextInt(60_000) - 20_000;
      case TIME -> (long) (random.nextDouble() * 86_400_000_000L);
      case TIMESTAMP, TIMESTAMP_TZ ->
          random.nextInt(4) == 0
              ? random.nextInt(40_000) * 86_400_000_000L
              : (long) ((random.nextDouble() - 0.2) * 4e15);
      case INTERVAL_MONTHS -> (long) random.nextInt(100) - 50;
      case INTERVAL_MICROS -> (long) ((random.nextDouble() - 0.5) * 1e13);
      default -> throw new AssertionError(type);
    };
  }

  private Object integer(long min, long max) {
    return switch (random.nextInt(6)) {
      case 0 -> min;
      case 1 -> max;
      case 2 -> 0L;
      case 3 -> (long) random.nextInt(10) - 5;
      case 4 -> (long) random.nextInt(100);
      default -> {
        long value = random.nextLong();
        yield value < min || value > max ? value % max : value;
      }
    };
  }

  private double real() {
    return switch (random.nextInt(8)) {
      case 0 -> 0.0;
      case 1 -> Double.NaN;
      case 2 -> random.nextInt(20) - 10;
      case 3 -> (random.nextInt(2000) - 1000) / 8.0;
      case 4 -> random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      default -> random.nextGaussian() * 100;
    };
  }

  private BigDecimal decimal(SqlType.Decimal type) {
    int digits = 1 + random.nextInt(type.precision());
    BigInteger bound = BigInteger.TEN.pow(digits);
    BigInteger unscaled = new BigInteger(bound.bitLength() + 8, random).mod(bound);
    return new BigDecimal(random.nextBoolean() ? unscaled.negate() : unscaled, type.scale());
  }

  private String string() {
    String word = WORDS[random.nextInt(WORDS.length)];
    return random.nextInt(3) == 0 ? word + WORDS[random.nextInt(WORDS.length)] : word;
  }
}
