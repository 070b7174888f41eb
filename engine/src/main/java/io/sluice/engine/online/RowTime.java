package io.sluice.engine.online;

import io.sluice.engine.type.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a key count at an instant: those that are due and not yet expired. Times of rows
 * are in a unit of their own; those without a zone are taken as UTC.
 *
 * @param unitsPerMicro 0 where rows have no time and always count
 * @param ttlUnits -1 where rows do not expire
 */
record RowTime(long unitsPerMicro, long ttlUnits) {
  static final RowTime NONE = new RowTime(0, -1);

  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long NANOS_PER_MICRO = 1_000;

  static RowTime of(SqlType type, @Nullable Long ttlMicros) {
    boolean nanos = type instanceof SqlType.Timestamp timestamp && timestamp.precision() == 9;
    long units = nanos ? NANOS_PER_MICRO : 1;
    return new RowTime(units, ttlMicros == null ? -1 : Math.multiplyExact(ttlMicros, units));
  }

  /** What the stored value of an event time of this type is multiplied by. */
  static long factor(SqlType type) {
    return type.kind() == SqlType.Kind.DATE ? MICROS_PER_DAY : 1;
  }

  /** The latest time that is due; all later rows are held back. */
  long due(long nowMicros) {
    return unitsPerMicro == 0 ? Long.MAX_VALUE : nowMicros * unitsPerMicro;
  }

  /** The latest time that has expired; {@link Long#MIN_VALUE} where none has. */
  long expired(long nowMicros) {
    return ttlUnits < 0 ? Long.MIN_VALUE : nowMicros * unitsPerMicro - ttlUnits;
  }
}
