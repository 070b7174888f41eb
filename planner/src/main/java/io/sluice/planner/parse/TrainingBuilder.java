package io.sluice.planner.parse;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Gathers the clauses of CREATE TRAINING DATASET as the parser meets them. */
final class TrainingBuilder {
  private final List<TrainingStatement.Label> labels = new ArrayList<>();
  private final List<TrainingStatement.Part> parts = new ArrayList<>();
  private boolean ifNotExists;
  private @Nullable Integer version;
  private @Nullable String comment;
  private List<SqlIdentifier> key = List.of();
  private @Nullable SqlIdentifier observedAt;
  private TrainingStatement.@Nullable Split split;
  private TrainingStatement.@Nullable Fit fit;
  private List<Statement.Property> options = List.of();

  void ifNotExists(boolean written) {
    ifNotExists = written;
  }

  void version(int number) {
    version = number;
  }

  void comment(String text) {
    comment = text;
  }

  void key(List<SqlIdentifier> columns) {
    key = columns;
  }

  void observedAt(SqlIdentifier column) {
    observedAt = column;
  }

  void label(SqlIdentifier column, @Nullable String horizon) {
    labels.add(new TrainingStatement.Label(column, horizon));
  }

  void part(SqlIdentifier name, @Nullable String until, @Nullable SqlNumericLiteral fraction) {
    parts.add(
        new TrainingStatement.Part(
            name, until, fraction == null ? null : fraction.bigDecimalValue()));
  }

  void split(
      TrainingStatement.SplitKind kind,
      List<SqlIdentifier> columns,
      @Nullable Long seed,
      @Nullable String gap,
      SqlParserPos position) {
    split = new TrainingStatement.Split(kind, columns, seed, parts, gap, position);
  }

  void fit(SqlIdentifier on, List<SqlNode> items) {
    fit = new TrainingStatement.Fit(on, items);
  }

  void options(List<Statement.Property> written) {
    options = written;
  }

  TrainingStatement.Create create(SqlIdentifier name, SqlNode query, String sql) {
    return new TrainingStatement.Create(
        name,
        version,
        ifNotExists,
        comment,
        key,
        observedAt,
        labels,
        split,
        fit,
        options,
        query,
        sql);
  }
}
