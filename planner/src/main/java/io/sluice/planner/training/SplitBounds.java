package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.planner.parse.TrainingStatement.SplitKind;
import io.sluice.planner.training.DatasetDefinition.Part;
import io.sluice.planner.training.DatasetDefinition.Split;
import io.sluice.planner.training.VersionRecord.Stratum;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Turns times and fractions of a split into the bounds that a version stores. */
final class SplitBounds {
  private static final int MOST_STRATA = 1_000;

  private SplitBounds() {}

  static VersionRecord resolve(VersionRecord record, DatasetQueries queries) {
    Split split = record.definition().split();
    if (split == null) {
      return record;
    }
    if (split.kind() == SplitKind.TIME) {
      return record.split(
          split.parts().getFirst().fraction() == null
              ? times(split, record, queries)
              : fractions(split, record, queries),
          List.of());
    }
    return split.kind() == SplitKind.STRATIFIED
        ? record.split(List.of(), strata(split, record, queries))
        : record;
  }

  private static String timeType(Split split, VersionRecord record) {
    String column = DatasetSql.of(record).timeColumn(split);
    return record.columns().stream()
        .filter(c -> c.name().equals(column))
        .findFirst()
        .orElseThrow()
        .type();
  }

  private static List<String> times(Split split, VersionRecord record, DatasetQueries queries) {
    String type = timeType(split, record);
    List<String> bounds = new ArrayList<>();
    for (Part part : split.parts()) {
      if (part.until() != null) {
        String value = "CAST((" + part.until() + ") AS " + type + ")";
        @Nullable Object text = queries.row("SELECT CAST(" + value + " AS VARCHAR)").getFirst();
        if (text == null) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT, "UNTIL of split " + part.name() + " is NULL");
        }
        bounds.add("CAST(" + Sql.text((String) text) + " AS " + type + ")");
      }
    }
    for (int i = 1; i < bounds.size(); i++) {
      String ascending = "SELECT " + bounds.get(i - 1) + " < " + bounds.get(i);
      if (!Boolean.TRUE.equals(queries.row(ascending).getFirst())) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "the times of a split ascend: "
                + split.parts().get(i).name()
                + " ends no later than "
                + split.parts().get(i - 1).name());
      }
    }
    return bounds;
  }

  /** The time of row floor(f * n) in time order, for each sum f of the fractions. */
  private static List<String> fractions(Split split, VersionRecord record, DatasetQueries queries) {
    long[] times = sorted(DatasetSql.of(record).times(), queries);
    String type = timeType(split, record);
    List<String> bounds = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (Part part : split.parts()) {
      if (part.fraction() == null) {
        break;
      }
      sum = sum.add(part.fraction());
      int row = place(sum, times.length);
      if (row >= times.length) {
        break;
      }
      bounds.add(instant(times[row], type));
    }
    return bounds;
  }

  private static int place(BigDecimal fraction, int rows) {
    return fraction
        .multiply(BigDecimal.valueOf(rows))
        .setScale(0, RoundingMode.FLOOR)
        .intValueExact();
  }

  private static String instant(long value, String type) {
    if (type.equals("DATE")) {
      return "CAST('" + java.time.LocalDate.ofEpochDay(value) + "' AS DATE)";
    }
    boolean nanos = type.startsWith("TIMESTAMP(9)");
    long seconds = Math.floorDiv(value, nanos ? 1_000_000_000L : 1_000_000L);
    long fraction = Math.floorMod(value, nanos ? 1_000_000_000L : 1_000_000L);
    java.time.LocalDateTime time =
        java.time.LocalDateTime.ofEpochSecond(seconds, 0, java.time.ZoneOffset.UTC);
    String text =
        java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").format(time)
            + String.format(java.util.Locale.ROOT, nanos ? ".%09d" : ".%06d", fraction);
    return "CAST('" + text + (type.contains("TIME ZONE") ? "+00:00" : "") + "' AS " + type + ")";
  }

  private static long[] sorted(String sql, DatasetQueries queries) {
    LongStream.Builder values = LongStream.builder();
    queries.each(
        sql,
        batch -> {
          try (batch) {
            Column column = batch.column(0);
            Selection selection = batch.selection();
            for (int i = 0; i < batch.rowCount(); i++) {
              Object value = Cells.get(column, selection == null ? i : selection.get(i));
              if (value instanceof Long time) {
                values.add(time);
              }
            }
          }
        });
    long[] all = values.build().toArray();
    Arrays.parallelSort(all);
    return all;
  }

  private static List<Stratum> strata(Split split, VersionRecord record, DatasetQueries queries) {
    Map<String, LongStream.Builder> orders = new HashMap<>();
    LongStream.Builder ofNull = LongStream.builder();
    long[] nulls = new long[1];
    queries.each(
        DatasetSql.of(record).strata(),
        batch -> {
          try (batch) {
            for (int i = 0; i < batch.rowCount(); i++) {
              List<@Nullable Object> row = DatasetQueries.row(batch, i);
              long order = row.get(1) instanceof Long number ? number : 0;
              if (row.get(0) == null) {
                ofNull.add(order);
                nulls[0]++;
              } else {
                orders.computeIfAbsent((String) row.get(0), v -> LongStream.builder()).add(order);
              }
            }
            if (orders.size() > MOST_STRATA) {
              throw new EngineException(
                  ErrorCode.INVALID_ARGUMENT,
                  "STRATIFIED BY "
                      + split.columns().getFirst()
                      + " has more than "
                      + MOST_STRATA
                      + " values; bucket it in the query, or use SPLIT BY HASH");
            }
          }
        });
    List<Stratum> strata = new ArrayList<>();
    orders.forEach((value, builder) -> strata.add(stratum(value, builder, split)));
    strata.sort(Comparator.comparing(stratum -> String.valueOf(stratum.value())));
    if (nulls[0] > 0) {
      strata.add(stratum(null, ofNull, split));
    }
    return strata;
  }

  private static Stratum stratum(@Nullable String value, LongStream.Builder builder, Split split) {
    long[] orders = builder.build().toArray();
    Arrays.sort(orders);
    List<Long> cuts = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (Part part : split.parts()) {
      sum = sum.add(part.fraction() == null ? BigDecimal.ZERO : part.fraction());
      int place = place(sum, orders.length);
      if (place >= orders.length) {
        break;
      }
      cuts.add(orders[place]);
    }
    return new Stratum(value, cuts);
  }
}
