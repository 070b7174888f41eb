package io.sluice.engine.function;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.function.kernel.ZoneClock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A time zone that is given as text; keeps what it read last. */
final class ZoneArgument {
  private static final Map<String, String> IDS =
      ZoneId.getAvailableZoneIds().stream()
          .collect(Collectors.toMap(id -> id.toLowerCase(Locale.ROOT), Function.identity()));

  private String text = "";
  private @Nullable ZoneClock clock;
  private boolean constant;

  ZoneClock clock(Values zones, int row) {
    ZoneClock known = clock;
    if (known != null && constant && zones.isConstant()) {
      return known;
    }
    String wanted = Bytes.string(zones, RowLoops.at(zones, row));
    if (known == null || !wanted.equals(text)) {
      known = new ZoneClock(parse(wanted));
      clock = known;
      text = wanted;
    }
    constant = zones.isConstant();
    return known;
  }

  /** An IANA name in any case, or an offset such as +02:00. */
  private static ZoneId parse(String text) {
    String name = IDS.getOrDefault(text.strip().toLowerCase(Locale.ROOT), text.strip());
    try {
      return ZoneId.of(name);
    } catch (DateTimeException unknown) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "'"
              + text
              + "' is not a time zone; use a name such as 'America/New_York' or an offset"
              + " such as '+02:00'",
          unknown);
    }
  }
}
