package io.sluice.planner.training;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says in what two definitions differ. */
final class DefinitionDifference {
  private static final int SHOWN = 60;

  private DefinitionDifference() {}

  /** The first difference in the order of the clauses, or null where there is none. */
  static @Nullable String first(DatasetDefinition old, DatasetDefinition now) {
    if (!old.key().equals(now.key())) {
      return differs("KEY", old.key(), now.key());
    }
    if (!Objects.equals(old.observedAt(), now.observedAt())) {
      return differs("OBSERVED AT", old.observedAt(), now.observedAt());
    }
    if (!old.labels().equals(now.labels())) {
      return differs("LABEL", old.labels(), now.labels());
    }
    if (!Objects.equals(old.split(), now.split())) {
      return differs("SPLIT", old.split(), now.split());
    }
    if (!Objects.equals(old.fit(), now.fit())) {
      return differs("FIT", old.fit(), now.fit());
    }
    if (!old.options().equals(now.options())) {
      return differs("WITH", old.options(), now.options());
    }
    if (!old.sql().equals(now.sql())) {
      return text(old.sql(), now.sql());
    }
    if (!old.zone().equals(now.zone())) {
      return differs("the session's time zone", old.zone(), now.zone());
    }
    return old.equals(now)
        ? null
        : differs(
            "the default schema",
            old.defaultCatalog() + "." + old.defaultSchema(),
            now.defaultCatalog() + "." + now.defaultSchema());
  }

  private static String differs(String what, @Nullable Object old, @Nullable Object now) {
    return what + " was " + old + ", now " + now;
  }

  private static String text(String old, String now) {
    int at = 0;
    while (at < Math.min(old.length(), now.length()) && old.charAt(at) == now.charAt(at)) {
      at++;
    }
    return "the query had '" + piece(old, at) + "' where it now has '" + piece(now, at) + "'";
  }

  private static String piece(String sql, int at) {
    int start = Math.max(0, at - SHOWN / 3);
    int end = Math.min(sql.length(), at + SHOWN);
    return sql.substring(start, end).replace('\n', ' ');
  }
}
