package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.aggregate.profile.BytesProfile;
import io.sluice.engine.operator.aggregate.profile.Domain;
import io.sluice.engine.operator.aggregate.profile.Profile;
import io.sluice.engine.operator.aggregate.profile.ProfileJson;
import io.sluice.engine.operator.aggregate.profile.WordProfile;
import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.type.SqlType;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Profile} of one column per group. Rows of a dictionary are only counted by index; its
 * values are looked at when another dictionary comes.
 */
final class ColumnProfiles implements Accumulator {
  private static final int WORD_DIGITS = 18;

  private final BufferAllocator allocator;
  private final MemoryReservation memory;
  private final DictionaryCounts dictionaries;
  private final ExactSums sums;
  private final ExactSums squares;
  private final GrowingBuffer decimals;
  private @Nullable Profile[] profiles = new Profile[0];
  private long[] nans = new long[0];
  private int groups;

  private int[] doubleGroups = new int[0];
  private double[] finite = new double[0];

  ColumnProfiles(BufferAllocator allocator) {
    this.allocator = allocator;
    this.memory = new MemoryReservation(allocator);
    this.dictionaries = new DictionaryCounts(allocator, memory, this::addCounted);
    this.sums = new ExactSums(ExactSums.Kind.VALUES, allocator);
    this.squares = new ExactSums(ExactSums.Kind.PRODUCTS, allocator);
    this.decimals = new GrowingBuffer(allocator);
  }

  /** Whether values of a type are kept in 8 bytes each. */
  static boolean isWord(SqlType type) {
    return switch (ArgumentValues.Form.of(type)) {
      case LONG, DOUBLE -> true;
      case DECIMAL -> ((SqlType.Decimal) type).precision() <= WORD_DIGITS;
      case BYTES -> false;
    };
  }

  @Override
  public void resize(int groupCount) {
    if (groupCount > profiles.length) {
      int larger = Math.max(groupCount, 2 * profiles.length);
      memory.add((long) (larger - profiles.length) * 2 * Long.BYTES);
      profiles = Arrays.copyOf(profiles, larger);
      nans = Arrays.copyOf(nans, larger);
    }
    sums.resize(groupCount);
    squares.resize(groupCount);
    groups = groupCount;
  }

  private Profile profile(int group, SqlType type) {
    Profile profile = profiles[group];
    if (profile == null) {
      profile = newProfile(type, memory);
      profiles[group] = profile;
    }
    return profile;
  }

  private static Profile newProfile(SqlType type, MemoryReservation memory) {
    return isWord(type)
        ? new WordProfile(domain(type), memory)
        : new BytesProfile(!type.isNested(), memory);
  }

  private static Domain domain(SqlType type) {
    return switch (type.kind()) {
      case REAL, DOUBLE -> Domain.FLOATING;
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MONTHS, INTERVAL_MICROS -> Domain.TIME;
      default -> Domain.INTEGER;
    };
  }

  // ---- values

  @Override
  public void update(SlotValues values) {
    if (!dictionaries.count(values, 0, groups)) {
      add(values.argument(0), values.groups(), null);
    }
  }

  /**
   * @param times how often each value came; null for once
   */
  private void add(ArgumentValues values, int[] of, long @Nullable [] times) {
    switch (values.form()) {
      case LONG -> addWords(values, of, times);
      case DOUBLE -> addDoubles(values, of, times);
      case DECIMAL -> {
        if (isWord(values.type())) {
          addWords(values, of, times);
        } else {
          addDecimals(values, of, times);
        }
      }
      case BYTES -> addBytes(values, of, times);
    }
  }

  private void addWords(ArgumentValues values, int[] of, long @Nullable [] times) {
    long[] longs = values.longs();
    for (int i = 0; i < values.count(); i++) {
      ((WordProfile) profile(of[i], values.type())).add(longs[i], times == null ? 1 : times[i]);
    }
  }

  private void addDoubles(ArgumentValues values, int[] of, long @Nullable [] times) {
    double[] doubles = values.doubles();
    for (int i = 0; i < values.count(); i++) {
      double value = doubles[i];
      long n = times == null ? 1 : times[i];
      WordProfile profile = (WordProfile) profile(of[i], values.type());
      if (Double.isNaN(value)) {
        nans[of[i]] += n;
      } else {
        profile.add(Domain.ordered(value), n);
      }
    }
    addSums(doubles, of, times, values.count());
  }

  private void addDecimals(ArgumentValues values, int[] of, long @Nullable [] times) {
    ArrowBuf buffer = decimals.ensure(16);
    for (int i = 0; i < values.count(); i++) {
      buffer.setLong(0, Long.reverseBytes(values.highs()[i] ^ Long.MIN_VALUE));
      buffer.setLong(8, Long.reverseBytes(values.longs()[i]));
      BytesProfile profile = (BytesProfile) profile(of[i], values.type());
      long n = times == null ? 1 : times[i];
      profile.add(buffer, 0, 16, n);
      profile.addNumber(values.doubles()[i], n);
    }
    addSums(values.doubles(), of, times, values.count());
  }

  private void addBytes(ArgumentValues values, int[] of, long @Nullable [] times) {
    ArrowBuf bytes = values.cells().bytes();
    int[] starts = values.cells().starts();
    int[] lengths = values.cells().lengths();
    int[] rows = values.rows();
    // what identifies a UUID stands behind a tag
    int tag = values.type().kind() == SqlType.Kind.UUID ? 1 : 0;
    for (int i = 0; i < values.count(); i++) {
      BytesProfile profile = (BytesProfile) profile(of[i], values.type());
      int row = rows[i];
      profile.add(bytes, starts[row] + tag, lengths[row] - tag, times == null ? 1 : times[i]);
    }
  }

  private void addCounted(FlatColumn column, int[] rows, int[] of, long[] times) {
    SqlType type = column.type();
    try (ArgumentValues values = new ArgumentValues(type, !isWord(type), allocator)) {
      values.read(column, rows, rows.length);
      add(values, of, times);
    }
  }

  @Override
  public void settle() {
    dictionaries.flush();
  }

  // ---- sums of doubles

  private void addSums(double[] values, int[] of, long @Nullable [] times, int count) {
    if (doubleGroups.length < count) {
      doubleGroups = new int[count];
      finite = new double[count];
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (Double.isNaN(values[i])) {
        continue;
      }
      if (times == null || times[i] == 1) {
        doubleGroups[kept] = of[i];
        finite[kept++] = values[i];
      } else {
        addRepeated(of[i], values[i], times[i]);
      }
    }
    sums.add(doubleGroups, finite, kept);
    squares.addProducts(doubleGroups, finite, finite, kept);
  }

  /** {@code value * times} and the rest that its rounding leaves are exact, but at the ends. */
  private void addRepeated(int group, double value, long times) {
    double product = value * times;
    int exponent = Math.getExponent(value);
    if (times < 1L << 52 && Math.abs(exponent) < 900) {
      double rest = Math.fma(value, (double) times, -product);
      int[] both = {group, group};
      double[] parts = {product, rest};
      sums.add(both, parts, 2);
      squares.addProducts(both, parts, new double[] {value, value}, 2);
      return;
    }
    if (value == 0) {
      return;
    }
    int[] one = {group};
    double[] single = {value};
    for (long i = 0; i < times; i++) {
      sums.add(one, single, 1);
      squares.addProducts(one, single, single, 1);
    }
  }

  // ---- results

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    ColumnProfiles that = (ColumnProfiles) other;
    for (int i = 0; i < count; i++) {
      nans[to[i]] += that.nans[from[i]];
      Profile theirs = that.profiles[from[i]];
      Profile mine = profiles[to[i]];
      if (theirs != null) {
        if (mine == null) {
          mine =
              switch (theirs) {
                case WordProfile word -> word.empty(memory);
                case BytesProfile bytes -> bytes.empty(memory);
              };
          profiles[to[i]] = mine;
        }
        mine.merge(theirs);
      }
    }
    sums.merge(that.sums, from, to, count);
    squares.merge(that.squares, from, to, count);
  }

  /** The profile of a group as JSON. */
  String json(int group, SqlType type, long rows, long nulls) {
    Double mean = null;
    Double deviation = null;
    long numbers = rows - nulls - nans[group];
    if (numbers > 0 && sums.special(group) == 0) {
      BigInteger n = BigInteger.valueOf(numbers);
      BigInteger sum = Moments.integer(sums, group, Moments.UNIT / 2);
      BigInteger spread =
          n.multiply(Moments.integer(squares, group, Moments.UNIT)).subtract(sum.multiply(sum));
      mean = Ratio.of(sum, n, Moments.UNIT / 2);
      deviation = Math.sqrt(Ratio.of(spread, n.multiply(n), Moments.UNIT));
    } else if (numbers > 0) {
      mean = sums.special(group);
    }
    ProfileJson json = new ProfileJson(type, rows, nulls, nans[group], mean, deviation);
    Profile profile = profiles[group];
    if (profile != null) {
      profile.describe(json);
    } else {
      try (MemoryReservation none = new MemoryReservation(allocator)) {
        newProfile(type, none).describe(json);
      }
    }
    return json.finish();
  }

  @Override
  public void close() {
    dictionaries.close();
    sums.close();
    squares.close();
    decimals.close();
    memory.close();
  }
}
