package io.sluice.planner.training;

import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.training.VersionRecord.Profile;
import io.sluice.planner.training.VersionRecord.SplitRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a version's rows tells.
 *
 * @param splits in the order of their definition, then by name
 * @param hash of all rows
 * @param profiles of every column in every split; empty where they were not asked for
 */
record ReadRows(List<SplitRows> splits, String hash, List<Profile> profiles) {
  ReadRows {
    splits = List.copyOf(splits);
    profiles = List.copyOf(profiles);
  }

  /**
   * Hashes and statistics.
   *
   * @param from a query that gives the stored columns
   */
  static ReadRows of(VersionRecord record, DatasetQueries queries, String from) {
    return read(record, queries, from, record.storedColumns().stream().map(Column::name).toList());
  }

  /** Hashes alone. */
  static ReadRows hashes(VersionRecord record, DatasetQueries queries, String from) {
    return read(record, queries, from, List.of());
  }

  private static ReadRows read(
      VersionRecord record, DatasetQueries queries, String from, List<String> profiled) {
    String hashed =
        "content_sum(content_hash("
            + Sql.names(record.storedColumns().stream().map(Column::name).toList())
            + "))";
    String statistics =
        profiled.stream()
            .map(column -> ", column_profile(" + Sql.name(column) + ")")
            .collect(Collectors.joining());
    List<List<@Nullable Object>> rows =
        queries.rows(
            "SELECT \"split\", COUNT(*), "
                + hashed
                + statistics
                + " FROM ("
                + from
                + "\n) AS \"$rows\" GROUP BY \"split\"");
    List<String> order = names(record);
    rows.sort(
        Comparator.comparing(
                (List<@Nullable Object> row) -> {
                  int place = order.indexOf((String) row.get(0));
                  return place < 0 ? Integer.MAX_VALUE : place;
                })
            .thenComparing(row -> String.valueOf(row.get(0))));
    List<SplitRows> splits = new ArrayList<>();
    List<byte[]> sums = new ArrayList<>();
    List<Profile> profiles = new ArrayList<>();
    long total = 0;
    for (List<@Nullable Object> row : rows) {
      String split = String.valueOf(row.get(0));
      long count = ((Number) Objects.requireNonNull(row.get(1))).longValue();
      byte[] sum = (byte[]) Objects.requireNonNull(row.get(2));
      sums.add(sum);
      total += count;
      splits.add(new SplitRows(split, count, ContentHash.of(count, sum, record.storedColumns())));
      for (int i = 0; i < profiled.size(); i++) {
        profiles.add(new Profile(split, profiled.get(i), String.valueOf(row.get(3 + i))));
      }
    }
    String hash = ContentHash.of(total, ContentHash.sum(sums), record.storedColumns());
    return new ReadRows(splits, hash, profiles);
  }

  private static List<String> names(VersionRecord record) {
    DatasetDefinition.Split split = record.definition().split();
    return split == null
        ? List.of(DatasetSql.WHOLE)
        : split.parts().stream().map(DatasetDefinition.Part::name).toList();
  }
}
