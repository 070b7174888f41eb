package io.sluice.engine.function.kernel;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Instants and what the clock of a zone shows at them. The transitions up to 2100 stand in a table
 * per zone; beyond it the rules are asked.
 */
public final class ZoneClock {
  /** More than any two offsets differ: closer to a transition the rules are asked. */
  private static final long MARGIN_SECONDS = 2 * 86_400L;

  private static final long TABLE_END = 4_102_444_800L;
  private static final Map<ZoneId, Table> TABLES = new ConcurrentHashMap<>();

  /** Offset i holds from second i (inclusive) to second i + 1. */
  private record Table(long[] seconds, int[] offsets) {
    private int at(long second) {
      int found = Arrays.binarySearch(seconds, second);
      return found >= 0 ? found : -found - 2;
    }
  }

  private final ZoneRules rules;
  private final Table table;

  // The interval that was met last, as times come close together.
  private long from = Long.MAX_VALUE;
  private long to = Long.MIN_VALUE;
  private int offset;

  public ZoneClock(ZoneId zone) {
    this.rules = zone.getRules();
    this.table = TABLES.computeIfAbsent(zone, ignored -> table(rules));
  }

  private static Table table(ZoneRules rules) {
    List<Long> seconds = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    seconds.add(Long.MIN_VALUE);
    offsets.add(rules.getOffset(Instant.MIN).getTotalSeconds());
    @Nullable ZoneOffsetTransition next = rules.nextTransition(Instant.MIN);
    while (next != null && next.toEpochSecond() < TABLE_END) {
      seconds.add(next.toEpochSecond());
      offsets.add(next.getOffsetAfter().getTotalSeconds());
      next = rules.nextTransition(next.getInstant());
    }
    seconds.add(next == null ? Long.MAX_VALUE : TABLE_END);
    return new Table(
        seconds.stream().mapToLong(Long::longValue).toArray(),
        offsets.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The offset at an instant in seconds. */
  private int offsetAt(long second) {
    if (second < from || second >= to) {
      load(second);
    }
    return offset;
  }

  private void load(long second) {
    int at = table.at(second);
    if (at < table.offsets.length) {
      from = table.seconds[at];
      to = table.seconds[at + 1];
      offset = table.offsets[at];
    } else {
      from = second;
      to = second + 1;
      offset = rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
    }
  }

  /** What the clock shows at an instant; both in units of {@code perSecond}. */
  public long toLocal(long value, long perSecond) {
    return Math.addExact(value, offsetAt(seconds(value, perSecond)) * perSecond);
  }

  /** Division by a constant is several times as fast. */
  private static long seconds(long value, long perSecond) {
    return perSecond == 1_000_000L
        ? Math.floorDiv(value, 1_000_000L)
        : Math.floorDiv(value, 1_000_000_000L);
  }

  /**
   * The instant at which the clock shows a time. A time that it shows twice means the later instant
   * (standard time), and one that it skips counts from before the gap, both as in PostgreSQL.
   */
  public long toInstant(long local, long perSecond) {
    long second = seconds(local, perSecond);
    int found = clear(second) ? offset : near(second);
    return Math.subtractExact(local, found * perSecond);
  }

  /** Whether all instants that could show this time have the offset at hand. */
  private boolean clear(long second) {
    return (from == Long.MIN_VALUE || second - MARGIN_SECONDS >= from)
        && (to == Long.MAX_VALUE || second + MARGIN_SECONDS < to);
  }

  private int near(long second) {
    load(second);
    return clear(second) ? offset : offsetOf(second);
  }

  private int offsetOf(long localSecond) {
    LocalDateTime clock = LocalDateTime.ofEpochSecond(localSecond, 0, ZoneOffset.UTC);
    List<ZoneOffset> offsets = rules.getValidOffsets(clock);
    ZoneOffset chosen =
        offsets.isEmpty() ? rules.getTransition(clock).getOffsetBefore() : offsets.getLast();
    return chosen.getTotalSeconds();
  }
}
