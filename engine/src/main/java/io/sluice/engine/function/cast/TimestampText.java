package io.sluice.engine.function.cast;

import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.type.SqlType;
import java.time.ZoneId;
import java.util.Objects;

/** Reads instants from text, as the cast does. */
public final class TimestampText {
  private TimestampText() {}

  /** VARCHAR to TIMESTAMP(6) WITH TIME ZONE; a text without a zone is one of {@code zone}. */
  public static Kernel kernel(ZoneId zone) {
    RowCast cast = Objects.requireNonNull(ParseCasts.find(SqlType.TIMESTAMP_TZ, zone));
    return RowCast.kernel(cast, SqlType.VARCHAR, false, zone);
  }
}
