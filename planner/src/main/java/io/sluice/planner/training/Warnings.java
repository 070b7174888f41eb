package io.sluice.planner.training;

import io.sluice.planner.parse.TrainingStatement.SplitKind;
import io.sluice.planner.training.DatasetDefinition.Label;
import io.sluice.planner.training.DatasetDefinition.Part;
import io.sluice.planner.training.DatasetDefinition.Split;
import java.util.ArrayList;
import java.util.List;

/** What a user should know of a version that is not wrong. */
final class Warnings {
  private Warnings() {}

  static List<String> of(VersionRecord record, DatasetQueries queries) {
    List<String> warnings = new ArrayList<>();
    Split split = record.definition().split();
    if (split != null && split.kind() == SplitKind.TIME) {
      shortGap(record, split, queries, warnings);
    }
    if (split != null) {
      for (Part part : split.parts()) {
        if (record.splits().stream().noneMatch(rows -> rows.split().equals(part.name()))) {
          warnings.add("split " + part.name() + " has no rows");
        }
      }
    }
    Long beyond = record.leftOut().get(DatasetSql.BEYOND);
    if (beyond != null) {
      warnings.add("the fractions add up to less than 1: " + beyond + " rows are in no split");
    }
    Long after = record.leftOut().get(DatasetSql.AFTER);
    if (after != null) {
      warnings.add(after + " rows are later than the end of the last split");
    }
    if (record.pinning() == VersionRecord.Pinning.COPIED) {
      warnings.add("not every input could be tagged: the stored copy and its hash are the proof");
    }
    return warnings;
  }

  private static void shortGap(
      VersionRecord record, Split split, DatasetQueries queries, List<String> warnings) {
    for (Label label : record.definition().labels()) {
      String horizon = label.horizon();
      if (horizon == null || split.parts().size() < 2) {
        continue;
      }
      String start = "TIMESTAMP '2001-01-01 00:00:00'";
      String gap = split.gap() == null ? start : start + " + (" + split.gap() + ")";
      boolean shorter =
          Boolean.TRUE.equals(
              queries.row("SELECT " + gap + " < " + start + " + (" + horizon + ")").getFirst());
      if (shorter) {
        warnings.add(
            "the gap before each split is shorter than the horizon of "
                + label.column()
                + ": labels of one split tell of times in the next");
      }
    }
  }
}
