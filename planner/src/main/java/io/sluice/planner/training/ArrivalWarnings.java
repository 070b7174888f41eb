package io.sluice.planner.training;

import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TrainingDatasetStore.Commit;
import io.sluice.planner.training.Lineage.Comparison;
import io.sluice.planner.training.Lineage.Source;
import io.sluice.planner.training.VersionRecord.Input;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexTableInputRef;

/**
 * What an arrival filter cannot know. Labels from before a table was first committed to: it finds
 * no row for them, although a table that was loaded later may hold rows of their time. And rows
 * whose commit times are lost: they count as committed later than they were.
 */
final class ArrivalWarnings {
  private ArrivalWarnings() {}

  /**
   * The warnings.
   *
   * @param form of the version's query, before any rule
   * @param inputs queries over the tables as the version reads them
   * @param written queries over the version's rows
   * @param rows the stored columns, as a query
   */
  static List<String> of(
      VersionRecord record,
      RelNode form,
      DatasetQueries inputs,
      DatasetQueries written,
      String rows) {
    String observed = record.definition().observedAt();
    List<String> warnings = new ArrayList<>();
    Set<TableName> filtered = filtered(new RowSources(form));
    record.inputs().stream()
        .filter(input -> filtered.contains(name(input)))
        .forEach(input -> lostTimes(input, inputs, warnings));
    if (observed == null || record.rows() == 0) {
      return warnings;
    }
    String type =
        record.columns().stream()
            .filter(column -> column.name().equals(observed))
            .findFirst()
            .orElseThrow()
            .type();
    for (TableName table : filtered) {
      OptionalLong first = firstCommit(record, table);
      if (first.isEmpty()) {
        continue;
      }
      String instant = Sql.instant(first.getAsLong(), type, record.definition().zone());
      Object older =
          written
              .row(
                  "SELECT COUNT(*) FROM ("
                      + rows
                      + "\n) AS \"$rows\" WHERE "
                      + Sql.name(observed)
                      + " < "
                      + instant)
              .getFirst();
      long count = older == null ? 0 : ((Number) older).longValue();
      if (count > 0) {
        warnings.add(
            count
                + " of "
                + record.rows()
                + " labels are older than the first commit of "
                + table.schema()
                + "."
                + table.table()
                + ": no row of it had arrived by then; INGESTION TIME declares a column that knows"
                + " when rows arrived");
      }
    }
    return warnings;
  }

  private static void lostTimes(Input input, DatasetQueries inputs, List<String> warnings) {
    long oldest = input.commits().keySet().stream().mapToLong(number -> number).min().orElse(0);
    if (oldest <= 1) {
      return;
    }
    Object older =
        inputs
            .row(
                "SELECT COUNT(*) FROM "
                    + Sql.table(name(input), RecordedInputs.version(input.version()))
                    + " WHERE "
                    + Sql.name(HiddenColumn.LAST_UPDATED_SEQUENCE_NUMBER.columnName())
                    + " < "
                    + oldest)
            .getFirst();
    if (older instanceof Number count && count.longValue() > 0) {
      warnings.add(
          count
              + " rows of "
              + input.schema()
              + "."
              + input.table()
              + " are older than the oldest commit of it that is known, and count as committed with"
              + " that one");
    }
  }

  /** Tables whose commit time is compared with something greater. */
  private static Set<TableName> filtered(RowSources query) {
    Set<TableName> tables = new LinkedHashSet<>();
    for (Comparison comparison : query.comparisons()) {
      RexTableInputRef column = TimeExpression.of(comparison.lower()).column();
      if (column != null) {
        Source source = query.sources().get(column.getTableRef().getEntityNumber());
        boolean committed = source.column(column).equals(HiddenColumn.COMMITTED_AT.columnName());
        if (committed && source.definition().ingestionTime() == null) {
          tables.add(source.table.name());
        }
      }
    }
    return tables;
  }

  private static OptionalLong firstCommit(VersionRecord record, TableName table) {
    return record.inputs().stream()
        .filter(input -> name(input).equals(table))
        .flatMap(input -> input.commits().values().stream())
        .mapToLong(Commit::micros)
        .min();
  }

  private static TableName name(Input input) {
    return new TableName(input.catalog(), input.schema(), input.table());
  }
}
