package io.sluice.engine.function.kernel;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Instants and what the clock of a zone shows at them. Keeps the offset that it met last and how
 * long it holds, as times come close together. For one thread.
 */
public final class ZoneClock {
  /** More than any two offsets differ: closer to a transition the rules are asked. */
  private static final long MARGIN_SECONDS = 2 * 86_400L;

  private final ZoneRules rules;
  private long from = Long.MAX_VALUE;
  private long to = Long.MIN_VALUE;
  private int offset;

  public ZoneClock(ZoneId zone) {
    this.rules = zone.getRules();
  }

  /** The offset at an instant in seconds. */
  private int offsetAt(long second) {
    if (second < from || second >= to) {
      load(second);
    }
    return offset;
  }

  private void load(long second) {
    Instant instant = Instant.ofEpochSecond(second);
    offset = rules.getOffset(instant).getTotalSeconds();
    if (rules.isFixedOffset()) {
      from = Long.MIN_VALUE;
      to = Long.MAX_VALUE;
      return;
    }
    @Nullable ZoneOffsetTransition next = rules.nextTransition(instant);
    // The transition at or before the instant.
    @Nullable ZoneOffsetTransition previous = rules.previousTransition(instant.plusSeconds(1));
    from = previous == null ? Long.MIN_VALUE : previous.toEpochSecond();
    to = next == null ? Long.MAX_VALUE : next.toEpochSecond();
  }

  /** What the clock shows at an instant; both in units of {@code perSecond}. */
  public long toLocal(long value, long perSecond) {
    return Math.addExact(value, offsetAt(Math.floorDiv(value, perSecond)) * perSecond);
  }

  /**
   * The instant at which the clock shows a time. A time that it shows twice means the later instant
   * (standard time), and one that it skips counts from before the gap, both as in PostgreSQL.
   */
  public long toInstant(long local, long perSecond) {
    long second = Math.floorDiv(local, perSecond);
    if (second - MARGIN_SECONDS < from || second + MARGIN_SECONDS >= to) {
      int found = offsetOf(second);
      load(second - found);
      return Math.subtractExact(local, found * perSecond);
    }
    return Math.subtractExact(local, offset * perSecond);
  }

  private int offsetOf(long localSecond) {
    LocalDateTime clock = LocalDateTime.ofEpochSecond(localSecond, 0, ZoneOffset.UTC);
    List<ZoneOffset> offsets = rules.getValidOffsets(clock);
    ZoneOffset chosen =
        offsets.isEmpty() ? rules.getTransition(clock).getOffsetBefore() : offsets.getLast();
    return chosen.getTotalSeconds();
  }
}
