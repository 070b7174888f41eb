package io.sluice.planner.parse;

import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A statement about training datasets. Texts of expressions are as written. */
public sealed interface TrainingStatement {
  /** The dataset's name as written; of SHOW the schema's, or null. */
  @Nullable SqlIdentifier name();

  /** CREATE TRAINING DATASET. */
  record Create(
      SqlIdentifier name,
      @Nullable Integer version,
      boolean ifNotExists,
      @Nullable String comment,
      List<SqlIdentifier> key,
      @Nullable SqlIdentifier observedAt,
      List<Label> labels,
      @Nullable Split split,
      @Nullable Fit fit,
      List<Statement.Property> options,
      SqlNode query,
      String sql)
      implements TrainingStatement {
    public Create {
      key = List.copyOf(key);
      labels = List.copyOf(labels);
      options = List.copyOf(options);
    }
  }

  /** LABEL (column [HORIZON interval]). */
  record Label(SqlIdentifier column, @Nullable String horizon) {}

  /** What decides a row's split. */
  enum SplitKind {
    TIME,
    HASH,
    RANDOM,
    STRATIFIED,
    COLUMN
  }

  /** SPLIT BY. */
  record Split(
      SplitKind kind,
      List<SqlIdentifier> columns,
      @Nullable Long seed,
      List<Part> parts,
      @Nullable String gap,
      SqlParserPos position) {
    public Split {
      columns = List.copyOf(columns);
      parts = List.copyOf(parts);
    }
  }

  /** One split: its name and what bounds it. */
  record Part(SqlIdentifier name, @Nullable String until, @Nullable BigDecimal fraction) {}

  /** FIT ON split (transforms). */
  record Fit(SqlIdentifier split, List<SqlNode> items) {
    public Fit {
      items = List.copyOf(items);
    }
  }

  /** What is done to a version. */
  enum Action {
    VERIFY,
    AUDIT,
    DROP,
    DROP_COPY,
    RELEASE,
    EXPORT,
    DESCRIBE
  }

  /** An action on one version; without a number on the newest. */
  record Act(Action action, SqlIdentifier name, @Nullable Integer version, boolean ifExists)
      implements TrainingStatement {}

  /** DIFF TRAINING DATASET name VERSION from WITH VERSION to. */
  record Diff(SqlIdentifier name, int from, int to) implements TrainingStatement {}

  /** SHOW TRAINING DATASETS. */
  record Show(@Nullable SqlIdentifier name, @Nullable String like) implements TrainingStatement {}
}
